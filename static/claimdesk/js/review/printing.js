// The document on paper: every page of the picture, all values, the issues with what was said about them, the history.

import { element, find, findAll } from "./dom.js";
import { showHistory } from "./history.js";

/** @param {import("./store.js").Store} store */
export async function printAll(store) {
  showHistory(find("#history"), store.state.history, { goTo: () => {}, takeBack: null, has: () => false });
  find("#print-findings ol")?.replaceChildren(...store.state.findings.map((finding) => line(store, finding)));
  await everyPicture();
  print();
  store.changed(); // the history has its buttons again
}

function line(store, { severity, cells, message, acknowledged }) {
  const word = { error: gettext("Error"), warning: gettext("Warning"), info: gettext("Note") }[severity];
  const at = cells[0] && store.has(cells[0]) ? store.name(cells[0]) : gettext("Whole document");
  const said = acknowledged ? interpolate(gettext("accepted by %(by)s: %(reason)s"), acknowledged, true) : "";
  return element("li", {}, element("b", {}, `${word} · ${at}`), ` ${message}`, said && ` — ${said}`);
}

/** Pages far down load only when somebody comes near them. */
async function everyPicture() {
  const pictures = findAll("#pages img");
  for (const picture of pictures) picture.loading = "eager";
  await Promise.allSettled(pictures.map((picture) => picture.decode()));
}
