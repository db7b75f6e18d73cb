// Every change with who made it and why; one click takes it back, one click goes to the value.

import { button, element } from "./dom.js";

/**
 * @param {HTMLElement} root
 * @param {object[]} entries newest first
 * @param {{goTo: (cell: string) => void, takeBack: ((batch: string) => void)|null, has: (cell: string) => boolean}} verbs
 */
export function showHistory(root, entries, verbs) {
  if (!entries.length) {
    root.replaceChildren(element("p", { class: "empty" }, gettext("No changes yet: all values stand as they were read.")));
    return;
  }
  const list = element("ol", { class: "timeline history" });
  const seen = new Set();
  for (const entry of entries) {
    const isFirstOfBatch = !seen.has(entry.batch);
    seen.add(entry.batch);
    list.append(item(entry, isFirstOfBatch, verbs));
  }
  root.replaceChildren(list);
}

function item(entry, isFirstOfBatch, { goTo, takeBack, has }) {
  const label = has(entry.cell) ? link(entry.label, () => goTo(entry.cell)) : element("b", {}, entry.label);
  const change = element("span", { class: "change" }, element("del", {}, entry.old ?? "–"), " → ", element("ins", {}, entry.new ?? "–"));
  const why = [entry.person, entry.why_label, entry.reason].filter(Boolean).join(" · ");
  const line = element("div", {}, element("div", {}, label, " ", change), element("div", { class: "muted" }, why));
  const when = new Date(entry.at).toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" });
  const time = element("time", { datetime: entry.at }, when);
  const made = element("li", { class: entry.undone ? "undone" : null }, time, line);
  if (entry.undone) line.firstChild.append(" ", element("span", { class: "pill" }, gettext("taken back")));
  else if (takeBack && isFirstOfBatch) made.append(button(gettext("Take back"), { act: () => takeBack(entry.batch) }));
  return made;
}

function link(text, act) {
  const made = element("button", { type: "button", class: "link" }, text);
  made.addEventListener("click", act);
  return made;
}
