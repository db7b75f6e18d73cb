// Two papers side by side: zoomed together, scrolled together. Keys + and - zoom.

const compare = document.querySelector(".compare");
const panes = [...document.querySelectorAll(".paper-pane")];
const LARGEST = 3;

/** @param {number} step */
function zoom(step) {
  const now = Number(compare.dataset.zoom ?? 0);
  compare.dataset.zoom = String(Math.min(LARGEST, Math.max(0, now + step)));
}

/** The other pane shows the same part of its paper. @param {HTMLElement} from */
function follow(from) {
  for (const to of panes) {
    if (to === from) continue;
    const across = from.scrollLeft / Math.max(1, from.scrollWidth - from.clientWidth);
    const down = from.scrollTop / Math.max(1, from.scrollHeight - from.clientHeight);
    to.scrollTo(across * (to.scrollWidth - to.clientWidth), down * (to.scrollHeight - to.clientHeight));
  }
}

const buttons = document.querySelector("#zoom");
buttons.hidden = false;
buttons.addEventListener("click", (event) => {
  const button = event.target.closest("[data-zoom]");
  if (button) zoom(Number(button.dataset.zoom));
});
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, textarea")) return;
  if (event.key === "+" || event.key === "-") zoom(event.key === "+" ? 1 : -1);
});
for (const pane of panes) {
  // Only the pane under the pointer or the focus leads: the other's scroll events are its echo.
  pane.addEventListener("scroll", () => {
    if (pane.matches(":hover, :focus")) follow(pane);
  });
}
