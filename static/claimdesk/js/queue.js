// The queue's keys (j, k, Enter, x) and its bulk bar.

const table = document.querySelector("#queue table");
const bar = document.querySelector(".bulkbar");

/** @returns {HTMLTableRowElement[]} */
const rows = () => [...table.querySelectorAll("tr[data-claim]")];
const current = () => table.querySelector("tr.current");

/** Makes the row `step` places further the current one. @param {number} step */
function move(step) {
  const all = rows();
  const at = all.indexOf(current());
  const next = all[Math.min(all.length - 1, Math.max(0, at + step))] ?? all[0];
  if (!next) return;
  current()?.classList.remove("current");
  next.classList.add("current");
  next.querySelector("[data-open]").focus();
}

function toggle() {
  const box = current()?.querySelector("input[type=checkbox]");
  if (box) {
    box.checked = !box.checked;
    showChosen();
  }
}

function showChosen() {
  if (!bar) return;
  const chosen = table.querySelectorAll("input[name=number]:checked").length;
  bar.hidden = chosen === 0;
  bar.querySelector("[data-chosen]").textContent = String(chosen);
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.target.closest("input, select, textarea") && event.target.type !== "checkbox") return;
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const action = { KeyJ: () => move(1), KeyK: () => move(-1), KeyX: toggle }[event.code];
  if (action) {
    event.preventDefault();
    action();
  }
}

/** @param {Event} event */
function onChange(event) {
  if (event.target.matches("[data-all]")) {
    for (const box of table.querySelectorAll("input[name=number]")) box.checked = event.target.checked;
  }
  showChosen();
}

/** Enter in a field of the bar would press its first button, which takes the claims. @param {KeyboardEvent} event */
function onBarKey(event) {
  if (event.key === "Enter" && event.target.matches("input, select")) event.preventDefault();
}

if (table) {
  bar?.addEventListener("keydown", onBarKey);
  document.addEventListener("keydown", onKey);
  table.addEventListener("change", onChange);
  table.addEventListener("focusin", (event) => {
    const row = event.target.closest("tr[data-claim]");
    if (!row) return;
    current()?.classList.remove("current");
    row.classList.add("current");
  });
  showChosen();
}
