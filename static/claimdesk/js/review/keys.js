// The keys of the whole screen; they work inside cells and fields too (docs/review-screen.md has the table).

import { find, findAll, say } from "./dom.js";
import { chord, runCommand } from "./chord.js";
import { addRow } from "./grid-rows.js";
import { preference, remember } from "./preferences.js";

const ONCE = new Set(["Alt+Enter", "Ctrl+Enter", "Alt+KeyA", "Ctrl+Delete", "Alt+KeyN", "Alt+Shift+ArrowDown", "Alt+Slash"]);

/** @param {import("./screen.js").Screen} screen */
export function bindKeys(screen) {
  const { viewer, session, decision } = screen;
  const help = find("#help");
  const everywhere = {
    F8: (event) => screen.nextIssue(1, event.repeat),
    "Shift+F8": (event) => screen.nextIssue(-1, event.repeat),
    "Alt+Enter": () => screen.applyFirst(),
    "Alt+KeyA": () => screen.bar.acknowledge(),
    "Alt+Shift+KeyA": () => screen.bar.ask(),
    F6: () => nextPane(screen, 1),
    "Shift+F6": () => nextPane(screen, -1),
    "Ctrl+Enter": () => decision.begin(),
    "Ctrl+KeyS": () => { screen.commitEdits(); say(find("#save-state").textContent.trim()); },
    "Alt+KeyN": () => addToVisible(screen),
    "Alt+PageDown": () => viewer.goToPage(viewer.page + 1),
    "Alt+PageUp": () => viewer.goToPage(viewer.page - 1),
    "Alt+Equal": () => viewer.zoomIn(),
    "Alt+NumpadAdd": () => viewer.zoomIn(),
    "Alt+Minus": () => viewer.zoomOut(),
    "Alt+NumpadSubtract": () => viewer.zoomOut(),
    "Alt+Digit0": () => viewer.setFit(viewer.fit === "width" ? "page" : "width"),
    "Alt+KeyR": () => viewer.rotate(90),
    "Alt+Shift+KeyR": () => viewer.rotate(-90),
    F1: () => help.showModal(),
  };
  const outsideText = {
    "?": () => help.showModal(),
    "Shift+?": () => help.showModal(),
    "Ctrl+KeyZ": () => screen.undo(),
    "Ctrl+KeyY": () => session.redo(),
    "Ctrl+Shift+KeyZ": () => session.redo(),
  };
  addEventListener("keydown", (event) => {
    if (event.repeat && ONCE.has(chord(event))) return event.preventDefault(); // a key held down settles nothing twice
    if (find("dialog[open]")) return inDialog(event, decision);
    if (runCommand(event, everywhere)) return undefined;
    if (!typing(event.target, screen)) runCommand(event, outsideText);
    return undefined;
  }, true);
}

/** Ctrl+Enter says yes to whatever is asked. */
function inDialog(event, decision) {
  const primary = find("dialog[open] button.primary");
  runCommand(event, { "Ctrl+Enter": () => (decision.isOpen ? decision.submit() : primary ? primary.click() : false) });
}

/** An empty list has no cell that could take the key. */
function addToVisible(screen) {
  const grid = screen.grid ?? screen.visibleGrids[0];
  return grid ? addRow(grid) : false;
}

/** While text is typed the browser undoes it; in a cell or a field at rest the document's undo is meant. */
function typing(target, screen) {
  if (target.matches(".cell-editor")) return screen.grids.some((grid) => grid.editor.input === target && grid.editor.mode !== "rest");
  if (screen.fields.root.contains(target)) return screen.fields.isTyping(target);
  return target.matches("input:not([type=checkbox], [type=range]), textarea, select");
}

/** Picture, fields, grid, issue bar, decision. */
function nextPane(screen, by) {
  const panes = [
    { root: find("#picture-pane"), enter: () => find("#pages").focus() },
    { root: find("#fields-pane"), enter: () => (screen.store.state.fields.length ? screen.fields.focusFirst() : find("#next-issue").focus()) },
    { root: find("#panels"), enter: () => enterGrid(screen) },
    { root: find("#issue"), enter: () => (find("#issue-actions button") ?? find("#issue")).focus() },
    { root: find("#decision-bar"), enter: () => findAll("#decision-bar .button").find((each) => each.offsetParent)?.focus() },
  ];
  const at = panes.findIndex(({ root }) => root.contains(document.activeElement));
  const from = Math.max(at, by > 0 ? -1 : 0);
  const around = panes.map((_, step) => panes[(from + by * (step + 1) + 2 * panes.length) % panes.length]);
  around.find(({ root, enter }) => { enter(); return root.contains(document.activeElement); }); // past what has nothing to enter
}

function enterGrid(screen) {
  const grid = screen.grid ?? screen.visibleGrids.find(({ rows }) => rows.length);
  if (grid?.rows.length) grid.moveTo(grid.row, grid.column);
  else find("[role=tab][aria-selected=true]").focus();
}

/** The buttons beside the keys. */
export function bindButtons(screen, rowVerbs) {
  const { session } = screen;
  const on = (selector, act) => find(selector)?.addEventListener("click", act);
  on("#next-issue", () => screen.nextIssue(1));
  on("#issue-next", () => screen.nextIssue(1));
  on("#previous-issue", () => screen.nextIssue(-1));
  on("#undo", () => screen.undo());
  on("#redo", () => session.redo());
  on("#row-add", () => addToVisible(screen));
  for (const [name, verb] of Object.entries(rowVerbs)) on(`#row-${name}`, () => screen.grid && verb(screen.grid));
  on("#help-button", (event) => { event.preventDefault(); find("#help").showModal(); });
  on("#thumbnails-toggle", () => toggleThumbnails());
  if (preference("thumbnails", true) === false) toggleThumbnails();
}

function toggleThumbnails() {
  const pane = find("#picture-pane");
  const off = pane.classList.toggle("without-thumbnails");
  remember("thumbnails", !off);
}
