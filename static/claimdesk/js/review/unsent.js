// Changes that wait for the connection are kept in this browser too; after a crash the page offers them.

import { find, setText } from "./dom.js";

/** What may be sent later and still means the same. Undo and redo do not: they speak of the latest change of the moment. */
const LASTING = /\/(corrections|rows|pin|acknowledge|reopen)\/$/;

/**
 * Keeps what cannot be sent, and offers what an earlier page kept.
 * @param {import("../drafts.js").Drafts} drafts
 * @param {import("./session.js").Session} session
 */
export async function offerUnsent(drafts, session) {
  const { outbox } = session;
  const old = await drafts.kept();
  let offered = old?.letters ?? [];
  document.documentElement.dataset.drafts = offered.length ? "some" : "none";
  let anyKept = offered.length > 0;
  const keep = () => {
    const away = outbox.status === "offline" || outbox.status === "expired";
    if (!away && !anyKept) return; // on its way, and there in a moment
    const letters = [...offered, ...outbox.letters.filter(({ url }) => LASTING.test(url))];
    anyKept = letters.length > 0;
    drafts.keep(letters).then(() => { document.documentElement.dataset.kept = String(letters.length); });
  };
  outbox.addEventListener("status", keep);
  outbox.addEventListener("letters", keep);
  keep();
  if (offered.length) offer(old, session, () => { offered = []; keep(); });
}

function offer({ at, letters }, session, settled) {
  const notice = find("#drafts-notice");
  const when = new Date(at).toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" });
  const { length } = letters;
  const words = ngettext("%(count)s change of %(when)s had not been sent when the page closed.",
    "%(count)s changes of %(when)s had not been sent when the page closed.", length);
  setText(find("span", notice), interpolate(words, { count: length, when }, true));
  const [send, drop] = ["send", "drop"].map((verb) => find(`[data-verb=${verb}-drafts]`, notice));
  const done = () => { notice.hidden = true; settled(); };
  send.hidden = !session.store.canEdit;
  send.addEventListener("click", () => { session.resend(letters); done(); });
  drop.addEventListener("click", done);
  notice.hidden = false;
}
