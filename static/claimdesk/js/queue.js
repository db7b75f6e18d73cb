// Keys of a list of claims (j, k, Enter; x and Esc where rows can be chosen), and the bar of the chosen ones.

const table = document.querySelector("[data-keys]");
const bar = document.querySelector(".bulkbar");
const all = table?.querySelector("[data-all]");

/** @returns {HTMLTableRowElement[]} */
const rows = () => [...table.querySelectorAll("tr[data-claim]")];
const current = () => table.querySelector("tr.current");

/** Makes the row `step` places further the current one. @param {number} step */
function move(step) {
  const list = rows();
  const at = list.indexOf(current());
  const next = list[Math.min(list.length - 1, Math.max(0, at + step))] ?? list[0];
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

/** @returns {HTMLInputElement[]} */
const boxes = () => [...table.querySelectorAll("input[name=number]")];

/** @param {boolean} chosen */
function chooseAll(chosen) {
  for (const box of boxes()) box.checked = chosen;
  showChosen();
}

function showChosen() {
  if (!bar) return;
  const list = boxes();
  const chosen = list.filter((box) => box.checked).length;
  bar.hidden = chosen === 0;
  bar.querySelector("[data-chosen]").textContent = String(chosen);
  all.checked = chosen > 0 && chosen === list.length;
  all.indeterminate = chosen > 0 && chosen < list.length;
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.target.closest("input, select, textarea") && event.target.type !== "checkbox") return;
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
  const action = { KeyJ: () => move(1), KeyK: () => move(-1), KeyX: toggle, Escape: () => chooseAll(false) }[event.code];
  if (action) {
    event.preventDefault();
    action();
  }
}

if (table) {
  document.addEventListener("keydown", onKey);
  table.addEventListener("change", (event) => (event.target === all ? chooseAll(all.checked) : showChosen()));
  table.addEventListener("htmx:load", showChosen); // of rows that came on demand
  table.addEventListener("focusin", (event) => {
    const row = event.target.closest("tr[data-claim]");
    if (!row) return;
    current()?.classList.remove("current");
    row.classList.add("current");
  });
  showChosen();
}
