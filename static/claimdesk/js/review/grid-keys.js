// The keys of a grid, as in a spreadsheet.

import { chord, runCommand } from "./chord.js";
import { clearRange, copyRange, fillDown, paste } from "./grid-range.js";
import { deleteRows, duplicateRow, moveRow, splitRow } from "./grid-rows.js";

/** @param {import("./grid.js").Grid} grid */
export function bindGridKeys(grid) {
  const keys = new GridKeys(grid);
  grid.editor.input.addEventListener("keydown", (event) => keys.handle(event));
  bindClipboard(grid);
  bindPointer(grid, keys);
}

class GridKeys {
  constructor(grid) {
    this.grid = grid;
    this.editor = grid.editor;
    this.tabStart = null; // the column where a run of Tabs began; Enter returns to it
    this.always = this.#always();
    this.moving = this.#moving();
    this.resting = this.#resting();
  }

  handle(event) {
    if (this.#choosing(event)) return;
    if (runCommand(event, this.always)) return;
    if (this.editor.mode !== "editing" && runCommand(event, this.moving)) return;
    if (this.editor.mode === "rest") runCommand(event, this.resting);
  }

  /** While the list of choices is open, up and down belong to it. */
  #choosing(event) {
    const { choices } = this.editor;
    if (!choices.isOpen) return false;
    if (["Enter", "Tab"].includes(chord(event))) choices.accept();
    return runCommand(event, { ArrowDown: () => choices.step(1), ArrowUp: () => choices.step(-1) });
  }

  #always() {
    const { grid, editor } = this;
    return {
      F2: () => editor.edit(),
      Escape: () => (editor.mode === "rest" ? this.#leave() : editor.cancel()),
      Tab: () => this.#tab(1),
      "Shift+Tab": () => this.#tab(-1),
      Enter: () => this.#enter(1),
      "Shift+Enter": () => this.#enter(-1),
      "Alt+Shift+ArrowDown": () => duplicateRow(grid),
      "Alt+Slash": () => splitRow(grid),
      "Alt+ArrowUp": () => moveRow(grid, -1),
      "Alt+ArrowDown": () => moveRow(grid, 1),
      "Ctrl+Delete": () => deleteRows(grid),
      PageDown: () => this.#step(this.#pageOfRows(), 0),
      PageUp: () => this.#step(-this.#pageOfRows(), 0),
      "Shift+PageDown": () => this.#step(this.#pageOfRows(), 0, true),
      "Shift+PageUp": () => this.#step(-this.#pageOfRows(), 0, true),
    };
  }

  #moving() {
    const last = () => [this.grid.rows.length - 1, this.grid.columns.length - 1];
    const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const commands = {};
    for (const [key, [down, right]] of Object.entries(steps)) {
      const end = (by, now, most) => (by ? (by < 0 ? 0 : most) : now);
      const edge = () => this.#to(end(down, this.grid.row, last()[0]), end(right, this.grid.column, last()[1]));
      commands[key] = () => this.#step(down, right);
      commands[`Shift+${key}`] = () => this.#step(down, right, true);
      commands[`Ctrl+${key}`] = edge;
      commands[`Ctrl+Shift+${key}`] = () => this.#extendTo(edge);
    }
    return commands;
  }

  #resting() {
    const { grid } = this;
    const end = () => grid.columns.length - 1;
    const bottom = () => grid.rows.length - 1;
    return {
      Home: () => this.#to(grid.row, 0),
      End: () => this.#to(grid.row, end()),
      "Ctrl+Home": () => this.#to(0, 0),
      "Ctrl+End": () => this.#to(bottom(), end()),
      "Shift+Home": () => this.#to(grid.row, 0, true),
      "Shift+End": () => this.#to(grid.row, end(), true),
      "Ctrl+Shift+Home": () => this.#extendTo(() => this.#to(0, 0)),
      "Ctrl+Shift+End": () => this.#extendTo(() => this.#to(bottom(), end())),
      Delete: () => clearRange(grid),
      Backspace: () => clearRange(grid),
      "Ctrl+KeyD": () => fillDown(grid),
      "Ctrl+KeyA": () => this.#selectAll(),
    };
  }

  // --- moves ---

  #to(row, column, extend = false) {
    this.editor.commit();
    this.tabStart = null;
    this.grid.moveTo(row, column, { extend });
  }

  #step(down, right, extend = false) {
    this.#to(this.grid.row + down, this.grid.column + right, extend);
  }

  #extendTo(move) {
    const anchor = { ...this.grid.anchor };
    move();
    this.grid.anchor = anchor;
    this.grid.paintRange();
  }

  #selectAll() {
    this.#to(this.grid.rows.length - 1, this.grid.columns.length - 1);
    this.grid.anchor = { row: 0, column: 0 };
    this.grid.paintRange();
  }

  /** Right, then on to the next line; at the ends Tab leaves the grid as everywhere. */
  #tab(by) {
    const { grid } = this;
    const place = grid.row * grid.columns.length + grid.column + by;
    const started = this.tabStart ?? grid.column;
    this.editor.commit();
    if (place < 0 || place >= grid.rows.length * grid.columns.length) return false;
    grid.moveTo(Math.floor(place / grid.columns.length), place % grid.columns.length);
    this.tabStart = started;
    return true;
  }

  #enter(by) {
    this.#to(this.grid.row + by, this.tabStart ?? this.grid.column);
  }

  #leave() {
    this.grid.dispatchEvent(new CustomEvent("leave"));
  }

  #pageOfRows() {
    const { table, editor } = this.grid;
    return Math.max(1, Math.floor(table.parentNode.clientHeight / editor.td.offsetHeight) - 3);
  }
}

function bindClipboard(grid) {
  const { input } = grid.editor;
  const resting = () => grid.editor.mode === "rest";
  const copy = (event) => { event.preventDefault(); event.clipboardData.setData("text/plain", copyRange(grid)); };
  input.addEventListener("copy", (event) => resting() && copy(event));
  input.addEventListener("cut", (event) => {
    if (!resting()) return;
    copy(event);
    clearRange(grid);
  });
  input.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain");
    const isBlock = /[\t\n]/.test(text.replace(/\r?\n$/, ""));
    if (!resting() && !isBlock) return;
    event.preventDefault();
    grid.editor.cancel();
    paste(grid, text);
  });
}

/** A finger first looks, then types: the keyboard of a phone comes with the second tap. */
function bindPointer(grid, keys) {
  const body = () => grid.table.tBodies[0];
  grid.table.addEventListener("pointerdown", (event) => {
    const at = event.target !== grid.editor.input && body().contains(event.target) && grid.position(event.target);
    if (!at) return;
    event.preventDefault();
    grid.editor.commit();
    keys.tabStart = null;
    grid.moveTo(at.row, Math.max(0, at.column), { extend: event.shiftKey, focus: event.pointerType !== "touch" });
    if (at.column < 0) selectRow(grid);
  });
  grid.table.addEventListener("pointermove", (event) => {
    const dragging = event.buttons === 1 && event.pointerType !== "touch" && grid.editor.mode === "rest";
    const at = dragging && grid.position(event.target);
    if (at && (at.row !== grid.row || at.column !== grid.column)) grid.moveTo(at.row, Math.max(0, at.column), { extend: true });
  });
}

function selectRow(grid) {
  grid.anchor = { row: grid.row, column: grid.columns.length - 1 };
  grid.paintRange();
}
