// The review screen starts here.

import { Drafts } from "../drafts.js";
import { find, findAll, say, setText } from "./dom.js";
import { deleteRows, duplicateRow, moveRow, splitRow } from "./grid-rows.js";
import { bindButtons, bindKeys } from "./keys.js";
import { printAll } from "./printing.js";
import { Screen } from "./screen.js";
import { Session } from "./session.js";
import { bindSplitter } from "./splitter.js";
import { Store } from "./store.js";
import { offerUnsent } from "./unsent.js";
import { Viewer } from "./viewer.js";
import { bindViewerTools } from "./viewer-tools.js";

const state = JSON.parse(find("#document-state").textContent);
const store = new Store(state);
const session = new Session(store);

bindSplitter();
bindDocumentVerbs();
guardLeaving();
bindClosing();
noteOtherDocument();
if (find("#panels")) start();
else showPictureOnly();

function start() {
  const screen = new Screen(store, session);
  bindKeys(screen);
  bindButtons(screen, {
    duplicate: duplicateRow, split: splitRow, delete: deleteRows,
    up: (grid) => moveRow(grid, -1), down: (grid) => moveRow(grid, 1),
  });
  screen.begin();
  const { id: person, key } = JSON.parse(find("#person").textContent);
  Drafts.open({ person, key, document: state.document.id }).then((drafts) => drafts && offerUnsent(drafts, session));
  document.documentElement.dataset.ready = "true";
}

/** Not read yet, or not readable: the paper is there all the same, and the page comes back when it has been read. */
function showPictureOnly() {
  const { status } = state.document;
  bindViewerTools(new Viewer(find("#pages"), state.pages));
  store.addEventListener("change", () => { if (store.state.document.status !== status) location.reload(); });
  document.documentElement.dataset.ready = "true";
}

/** The head of the page comes from the server: where the document has become another one, the page has to be opened again. */
function noteOtherDocument() {
  const { claim: { number }, document: { kind } } = state;
  store.addEventListener("change", () => {
    const { claim, document: now } = store.state;
    const moved = claim.number !== number && interpolate(gettext("This document was moved to claim %s."), [claim.number]);
    const otherKind = now.kind !== kind && gettext("This paper was read again, as another kind of document.");
    if (!moved && !otherKind) return;
    setText(find("#document-changed span"), moved || otherKind);
    find("#document-changed").hidden = false;
  });
}

function bindClosing() {
  for (const closer of findAll("[data-close]")) closer.addEventListener("click", () => closer.closest("dialog").close());
}

/** What can be done about a document that was read in part, not at all, or by the wrong provider. */
function bindDocumentVerbs() {
  const verbs = {
    "confirm-partial": async () => { if (await session.confirmPartial()) find("#partial-notice").remove(); },
    "read-again": async (button) => {
      const { status, body } = await session.readAgain(button.dataset.account ?? null);
      if (status === 202) location.reload();
      else say(body?.detail ?? gettext("The server did not take this."));
    },
    "dismiss-notice": (button) => button.closest(".notice").remove(),
    "open-again": () => location.reload(),
    print: () => printAll(store),
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-verb]");
    if (button) verbs[button.dataset.verb]?.(button);
  });
}

/** Nothing typed is lost: not by closing the window, not by a session that has ended. */
function guardLeaving() {
  addEventListener("beforeunload", (event) => { if (!session.outbox.isEmpty) event.preventDefault(); });
  const expired = find("#session-expired");
  session.addEventListener("status", ({ detail }) => { if (detail === "expired" && !expired.open) expired.showModal(); });
  expired.addEventListener("close", () => session.outbox.resume());
  session.addEventListener("removed", () => { find("#document-removed").hidden = false; });
}
