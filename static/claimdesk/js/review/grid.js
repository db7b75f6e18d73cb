// A list of the document: cells of plain text, and one live <input> that always sits in the active cell. A real input
// holds the focus, so that input methods and every keyboard layout work at the first keystroke.

import { Editor } from "./editor.js";
import { element, icon, setAttribute } from "./dom.js";
import { preference, remember } from "./preferences.js";
import { isNumeric, shown } from "./values.js";

const DOUBTFUL_SCORE = 0.8;
/** Least width in pixels; a column with a share takes what is left. */
const WIDTHS = { money: [82], number: [68], measure: [104, 1], ratio: [70], date: [96], choice: [96], flag: [72], text: [110, 1] };
const OWN_WIDTHS = {
  level: [56], category: [76, 0.3], spec: [90, 0.5], ocr_name: [150, 2], name: [150, 2], origin_ocr_name: [150, 2],
  key: [126, 1], unit: [60], reference: [92, 0.6],
};
const HEAD_WIDTH = 48;
const STARTS_AS_NUMBER = /^[<>≤≥+−-]?\s*\d+([.,/]\d+)*\s*%?$/;
const IS_DATE = /^\d{1,2}\/\d{1,2}\/\d{4}$/;

/** Fires "active" ({detail: cell}) when the cursor moves, "leave" when Escape gives the grid up. */
export class Grid extends EventTarget {
  #views = new Map(); // row id -> {tr, head, cells, texts, severity}
  #marked = [];

  /**
   * @param {object} options
   * @param {import("./store.js").Store} options.store
   * @param {import("./session.js").Session} options.session
   * @param {string} options.list "line_items"
   * @param {HTMLTableElement} options.table
   * @param {string} options.label
   * @param {{name: string, label: string, width: number, render: (row: import("./types.js").Row) => Node}[]} [options.extras] columns that only show
   */
  constructor({ store, session, list, table, label, extras = [] }) {
    super();
    Object.assign(this, { store, session, list, table, extras });
    this.row = 0;
    this.column = 0;
    this.rowId = null; // of the row under the cursor
    this.anchor = { row: 0, column: 0 };
    setAttribute(table, "role", "grid");
    setAttribute(table, "aria-label", label);
    this.editor = new Editor(this);
    this.build();
  }

  get rows() {
    return this.store.rows(this.list);
  }

  get active() {
    return this.cellAt(this.row, this.column);
  }

  cellAt(row, column) {
    const [item, shownColumn] = [this.rows[row], this.columns[column]];
    return item && shownColumn ? `${this.list}/${item.id}/${shownColumn.name}` : null;
  }

  // --- structure ---

  /** All from new: the columns have changed. */
  build() {
    this.columns = this.#chosenColumns();
    this.#views.clear();
    this.#setWidths();
    this.table.replaceChildren(this.#head(), element("tbody", { role: "rowgroup" }));
    this.arrange();
    this.paint();
  }

  #chosenColumns() {
    const { columns } = this.store.state.lists[this.list];
    const names = preference(`columns.${this.list}`, null);
    const chosen = columns.filter((column) => (names ? names.includes(column.name) : column.default));
    return chosen.length ? chosen : columns;
  }

  /** @param {string[]} names */
  chooseColumns(names) {
    remember(`columns.${this.list}`, names);
    this.editor.commit();
    this.build();
    this.moveTo(this.row, this.column, { focus: false });
  }

  #setWidths() {
    const widths = this.columns.map(({ name, type }) => OWN_WIDTHS[name] ?? WIDTHS[type]);
    const tracks = widths.map(([least, share]) => (share ? `minmax(${least}px, ${share}fr)` : `${least}px`));
    const all = [`${HEAD_WIDTH}px`, ...tracks, ...this.extras.map(({ width }) => `${width}px`)];
    const fixed = [...widths.map(([width]) => width), ...this.extras.map(({ width }) => width)];
    const least = fixed.reduce((sum, width) => sum + width, HEAD_WIDTH);
    this.table.style.setProperty("--columns", all.join(" "));
    this.table.style.setProperty("--least-width", `${least}px`);
  }

  #head() {
    const heads = this.columns.map(({ label, title, type }) =>
      element("th", { role: "columnheader", scope: "col", title: title || null, class: isNumeric(type) ? "number" : null }, label));
    const extras = this.extras.map(({ label }) => element("th", { role: "columnheader", scope: "col" }, label));
    const corner = element("th", { role: "columnheader", scope: "col", class: "row-head" }, gettext("No."));
    return element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, corner, ...heads, ...extras));
  }

  /** Rows in their order; those that stay are kept, and the cursor stays at its line wherever that is now. The caller paints. */
  arrange() {
    const focused = document.activeElement === this.editor.input;
    const isGone = this.#followRow();
    const views = this.rows.map((row) => this.#views.get(row.id) ?? this.#newView(row));
    this.#views = new Map(this.rows.map((row, index) => [row.id, views[index]]));
    putInOrder(this.table.tBodies[0], views.map(({ tr }) => tr));
    this.table.parentNode.classList.toggle("no-rows", !views.length);
    this.moveTo(this.row, this.column, { focus: focused, quiet: !(isGone && focused) });
  }

  /**
   * Another person added, moved or removed lines: what is typed next still goes into the line that one looks at.
   * @returns {boolean} whether that line is gone
   */
  #followRow() {
    const place = this.rows.findIndex(({ id }) => id === this.rowId);
    if (place < 0) {
      if (this.rowId !== null) this.editor.abandon();
      return this.rowId !== null;
    }
    this.anchor.row = clamp(this.anchor.row + place - this.row, this.rows.length);
    this.row = place;
    return false;
  }

  #newView(row) {
    const head = element("th", { role: "rowheader", scope: "row", class: "row-head" }, element("span", { class: "mark" }), "");
    const cells = this.columns.map(({ type, label }) =>
      element("td", { role: "gridcell", "data-label": label, class: isNumeric(type) || type === "date" ? `${type} tabular` : null }, ""));
    const extras = this.extras.map(({ label, render }) =>
      element("td", { role: "gridcell", class: "extra", "data-label": label }, render(row)));
    const tr = element("tr", { role: "row", "data-row": row.id }, head, ...cells, ...extras);
    for (const td of cells) td.append(document.createTextNode(""));
    return { tr, head, cells, number: head.appendChild(document.createTextNode("")), severity: null };
  }

  // --- painting: only what differs is touched ---

  paint(severities = this.store.severities()) {
    const marks = this.#marksByRow(severities);
    this.rows.forEach((row, index) => this.#paintRow(row, index, severities, marks.get(String(row.id)) ?? ""));
    this.editor.refresh();
  }

  /** All that a row shows beside what the server said, as one text: a row that shows the same as before is passed over. */
  #marksByRow(severities) {
    const marks = new Map();
    for (const [cell, mark] of [...severities, ...this.store.unsaved()]) {
      const [list, id] = cell.split("/");
      if (list === this.list) marks.set(id, `${marks.get(id) ?? ""}${cell}=${mark};`);
    }
    return marks;
  }

  #paintRow(row, index, severities, marks) {
    const view = this.#views.get(row.id);
    if (!view || (view.row === row && view.index === index && view.marks === marks)) return;
    Object.assign(view, { row, index, marks });
    view.number.data = String(index + 1);
    let worst = severities.get(`${this.list}/${row.id}`) ?? null;
    this.columns.forEach((column, at) => {
      const cell = `${this.list}/${row.id}/${column.name}`;
      const severity = severities.get(cell) ?? null;
      this.#paintCell(view.cells[at], cell, column, severity);
      worst = worse(worst, severity);
    });
    this.#paintHead(view, worst);
  }

  #paintCell(td, cell, column, severity) {
    const standIn = this.store.standInText(cell);
    const text = standIn || shown(column, this.store.value(cell));
    const node = td.firstChild;
    if (node.data !== text) node.data = text;
    if (column.type === "measure") td.classList.toggle("words", Boolean(text) && (IS_DATE.test(text) || !STARTS_AS_NUMBER.test(text)));
    setAttribute(td, "data-severity", severity);
    setAttribute(td, "data-stand-in", standIn ? "" : null);
    setAttribute(td, "data-origin", this.#origin(cell));
  }

  #origin(cell) {
    const source = this.store.source(cell);
    if (!source) return null;
    if (source.origin === "read") return source.score !== null && source.score < DOUBTFUL_SCORE ? "doubtful" : null;
    return source.origin;
  }

  #paintHead(view, severity) {
    if (view.severity === severity) return;
    view.severity = severity;
    setAttribute(view.tr, "data-severity", severity);
    view.head.firstChild.replaceChildren(...(severity ? [icon(severity)] : []));
  }

  // --- the cursor ---

  /** @param {{extend?: boolean, focus?: boolean, quiet?: boolean}} options quiet: nothing moved, only painted anew */
  moveTo(row, column, { extend = false, focus = true, quiet = false } = {}) {
    if (!this.rows.length) return this.#leave(focus);
    this.row = clamp(row, this.rows.length);
    this.rowId = this.rows[this.row].id;
    this.column = clamp(column, this.columns.length);
    if (!extend && !quiet) this.anchor = { row: this.row, column: this.column };
    const view = this.#views.get(this.rows[this.row].id);
    this.editor.enter(view.cells[this.column], focus);
    this.paintRange();
    if (quiet) return undefined;
    view.cells[this.column].scrollIntoView({ block: "nearest", inline: "nearest" });
    this.dispatchEvent(new CustomEvent("active", { detail: this.active }));
    return undefined;
  }

  /** The last line has gone: whoever was in it must not end up nowhere. */
  #leave(focus) {
    this.editor.leave();
    if (focus) this.dispatchEvent(new CustomEvent("leave"));
    return undefined;
  }

  /** @returns {boolean} whether the cell is in this list */
  goToCell(cell, options = {}) {
    const [list, id, name] = cell.split("/");
    const row = this.rows.findIndex((each) => String(each.id) === id);
    if (list !== this.list || row < 0) return false;
    this.#showColumn(name);
    this.editor.commit();
    this.moveTo(row, this.columns.findIndex((column) => column.name === name), options);
    return true;
  }

  /** An issue in a column that the reader has put away brings it back. */
  #showColumn(name) {
    if (this.columns.some((column) => column.name === name)) return;
    const all = this.store.state.lists[this.list].columns;
    const names = new Set([...this.columns.map((column) => column.name), name]);
    this.chooseColumns(all.map((column) => column.name).filter((each) => names.has(each)));
  }

  /** The selected block: first and last row and column. */
  range() {
    const { row, column } = this.anchor;
    return {
      top: Math.min(row, this.row), bottom: Math.min(Math.max(row, this.row), this.rows.length - 1),
      left: Math.min(column, this.column), right: Math.min(Math.max(column, this.column), this.columns.length - 1),
    };
  }

  paintRange() {
    for (const td of this.#marked) td.removeAttribute("aria-selected");
    this.#marked = [];
    const { top, bottom, left, right } = this.range();
    if (top === bottom && left === right) return;
    for (const row of this.rows.slice(top, bottom + 1)) this.#marked.push(...this.#views.get(row.id).cells.slice(left, right + 1));
    for (const td of this.#marked) td.setAttribute("aria-selected", "true");
  }

  /** Where an element of the table is: {row, column}; column -1 for the row's head. */
  position(target) {
    const tr = target.closest("tbody tr");
    if (!tr) return null;
    const row = this.rows.findIndex((each) => String(each.id) === tr.dataset.row);
    const td = target.closest("td, th");
    return { row, column: Math.min(td ? td.cellIndex - 1 : this.column, this.columns.length - 1) };
  }

  /** Cells that another person has just changed light up. */
  flash(cells) {
    for (const cell of cells) {
      const [list, id, name] = cell.split("/");
      const at = this.columns.findIndex((column) => column.name === name);
      const td = list === this.list && this.#views.get(Number(id))?.cells[at];
      if (!td) continue;
      td.classList.add("remote");
      td.addEventListener("animationend", () => td.classList.remove("remote"), { once: true });
    }
  }
}

/** Rows that stay are not touched: one of them may hold the focus, and what is being typed. */
function putInOrder(body, rows) {
  const kept = new Set(rows);
  for (const row of [...body.children]) if (!kept.has(row)) row.remove();
  let at = body.firstElementChild;
  for (const row of rows) {
    if (row === at) at = at.nextElementSibling;
    else body.insertBefore(row, at);
  }
}

const RANKS = [null, "warning", "error", "conflict"];
const worse = (one, other) => (RANKS.indexOf(other) > RANKS.indexOf(one) ? other : one);
const clamp = (index, length) => Math.max(0, Math.min(length - 1, index));
