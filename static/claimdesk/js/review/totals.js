// The counts of open issues, the sums under the grid, the names of who else is here.

import { element, find, icon, setAttribute, setText } from "./dom.js";
import { grouped } from "./values.js";

const COUNTED = {
  conflict: (count) => ngettext("conflict", "conflicts", count),
  error: (count) => ngettext("error", "errors", count),
  warning: (count) => ngettext("warning", "warnings", count),
};

export function showCounts(counts) {
  for (const [severity, word] of Object.entries(COUNTED)) {
    const mark = find(`#count-${severity}`);
    mark.hidden = !counts[severity];
    setText(find("b", mark), String(counts[severity]));
    setText(find("span", mark), word(counts[severity]));
  }
  find("#all-clear").hidden = counts.error + counts.warning + counts.conflict > 0;
}

export function showTotals(state) {
  const totals = state.totals.map((total) => {
    const ok = total.ok === null ? null : String(total.ok);
    const difference = total.difference && !total.ok ? element("small", {}, signed(total.difference)) : "";
    const mark = total.ok === null ? "" : icon(total.ok ? "ok" : "error");
    const figure = element("dd", { class: "amount" }, total.value === null ? "–" : grouped(total.value), " ", mark, difference);
    return element("div", { "data-ok": ok }, element("dt", {}, total.label), figure);
  });
  find("#totals-list").replaceChildren(...totals);
  find(".totals").hidden = !totals.length && !state.calculation;
  showPayable(state);
}

function showPayable({ calculation, claim }) {
  const box = find("#payable");
  box.hidden = !calculation;
  if (!calculation) return;
  setText(find("dt", box), interpolate(gettext("To pay, %s"), [claim.currency]));
  setText(find("dd", box), grouped(calculation.approved));
}

const signed = (difference) => (difference.startsWith("-") ? "−" + grouped(difference.slice(1)) : `+${grouped(difference)}`);

export function showPresence(people) {
  const mark = ({ name, initials }) =>
    element("span", { class: "avatar other", title: name, role: "img", "aria-label": name }, initials);
  find("#presence").replaceChildren(...people.map(mark));
}

const STATUS_WORDS = {
  saved: gettext("All changes saved"),
  saving: gettext("Saving…"),
  offline: gettext("Offline: changes are kept and sent later"),
  conflict: gettext("A conflict to settle"),
  expired: gettext("Signed out: changes are kept"),
};

export function showStatus(status, waiting) {
  const box = find("#save-state");
  setAttribute(box, "data-status", status);
  const kept = status === "offline" && waiting ? ` (${waiting})` : "";
  setText(find("span", box), STATUS_WORDS[status] + kept);
}
