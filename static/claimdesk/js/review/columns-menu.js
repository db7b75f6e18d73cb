// Which columns of a list show: one box for each, remembered in this browser.

import { element, findAll } from "./dom.js";

/** @param {HTMLElement} panel @param {import("./grid.js").Grid} grid */
export function bindColumnsMenu(panel, grid) {
  const { columns } = grid.store.state.lists[grid.list];
  const boxes = columns.map(({ name, label }) => {
    const box = element("input", { type: "checkbox", value: name });
    return element("label", {}, box, label);
  });
  panel.replaceChildren(...boxes);
  const checks = () => findAll("input", panel);
  const show = () => { for (const box of checks()) box.checked = grid.columns.some(({ name }) => name === box.value); };
  panel.closest("details").addEventListener("toggle", show);
  panel.addEventListener("change", () => {
    const chosen = checks().filter(({ checked }) => checked).map(({ value }) => value);
    if (chosen.length) grid.chooseColumns(chosen);
    else show();
  });
}
