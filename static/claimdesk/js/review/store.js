// The document as this browser knows it: what the server last said, with the edits under way laid over it.

/** @typedef {import("./types.js").Cell} Cell */

export const LISTS = ["line_items", "cost_categories", "payments_info", "health_values"];

/** The row of a cell: "line_items/12/price" -> "line_items/12"; null for a value of the head. */
export function rowOf(cell) {
  const parts = cell.split("/");
  return parts.length === 3 ? `${parts[0]}/${parts[1]}` : null;
}

export const listOf = (cell) => cell.split("/")[0];

const EMPTY_SOURCE = { text: null, score: null, rect: null, page: 0, placed: null, candidates: [], alternatives: [] };
const MOST_MARKED = 4;
const RANKS = ["error", "warning", "acknowledged", "info"];
const rankOf = (finding) => (finding.acknowledged ? "acknowledged" : finding.severity);

/** Fires "change" with {detail: {cells, remote}} whenever something to show has changed. */
export class Store extends EventTarget {
  #server = new Map(); // cell -> {value, source, column, place}
  #overlay = new Map(); // cell -> value on its way to the server
  #unmasked = new Map(); // cell -> value that was revealed

  constructor(state) {
    super();
    this.state = { ...state, lists: {} };
    this.state.lists = this.#mergedLists(state.lists);
    /** @type {Map<Cell, import("./types.js").Conflict>} */
    this.conflicts = new Map();
    /** @type {Map<Cell, {text: string, message: string}>} values that were typed but cannot be saved as they are */
    this.refused = new Map();
    this.#index();
  }

  /** Takes over the parts of the state that an answer carries. */
  merge(parts, { remote = false } = {}) {
    if (!parts?.document || parts.document.revision < this.state.document.revision) return;
    const before = remote ? this.#server : null;
    const news = parts.lists ?? {};
    Object.assign(this.state, parts, { lists: this.#mergedLists(news) });
    if (remote || Object.values(news).some((part) => !part.changed || part.order)) this.#index();
    else this.#indexAgain(news);
    this.changed({ cells: before ? this.#differences(before) : [], remote });
  }

  /** A list comes whole, or as the rows that changed and, when rows came, went or moved, their order. */
  #mergedLists(news) {
    const lists = { ...this.state.lists };
    for (const [name, part] of Object.entries(news)) {
      const rows = (part.rows ?? part.changed).map((row) => withWholeSources(row, part.common));
      lists[name] = part.rows ? { ...part, rows } : { ...lists[name], rows: mergedRows(lists[name]?.rows ?? [], rows, part.order) };
    }
    return lists;
  }

  #differences(before) {
    return [...this.#server].filter(([cell, now]) => before.get(cell)?.value !== now.value).map(([cell]) => cell);
  }

  /** Whether values may change: the role allows it, and nothing is decided yet. */
  get canEdit() {
    return this.state.permissions.edit && !this.state.decision;
  }

  changed(detail = { cells: [], remote: false }) {
    this.dispatchEvent(new CustomEvent("change", { detail }));
  }

  // --- values ---

  has(cell) {
    return this.#server.has(cell);
  }

  /** All cells, in reading order. */
  cells() {
    return this.#server.keys();
  }

  /** Of the lines or health values, or else of the head; null of a document without any value. */
  get firstCell() {
    const list = ["line_items", "health_values"].find((name) => this.rows(name).length);
    if (!list) return this.state.fields[0]?.cell ?? null;
    const row = `${list}/${this.rows(list)[0].id}`;
    return this.standIn(this.has(`${row}/value`) ? `${row}/value` : row);
  }

  value(cell) {
    if (this.refused.has(cell)) return this.refused.get(cell).text;
    return this.#overlay.has(cell) ? this.#overlay.get(cell) : this.#server.get(cell)?.value ?? null;
  }

  /** What is shown where nothing was read: for the name as read, the name it was matched with. */
  standInText(cell) {
    const [list, , name] = cell.split("/");
    if (list !== "line_items" || name !== "ocr_name" || this.value(cell)) return "";
    return this.value(`${rowOf(cell)}/name`) ?? "";
  }

  savedValue(cell) {
    return this.#server.get(cell)?.value ?? null;
  }

  source(cell) {
    return this.#server.get(cell)?.source ?? null;
  }

  /** The revision of a value as this browser has seen it; of a whole line: of its newest value. */
  revision(cell) {
    const sources = this.has(cell) ? [this.source(cell)] : Object.values(this.rowAt(cell)?.sources ?? {});
    return Math.max(0, ...sources.map((source) => source?.revision ?? 0));
  }

  /** The row that "line_items/12" or one of its cells names. */
  rowAt(cell) {
    const [list, id] = cell.split("/");
    return this.rows(list).find((row) => row.id === Number(id)) ?? null;
  }

  /** The value that stands for an address: itself, or the first of the line it names; null when it is gone. */
  standIn(cell) {
    if (this.has(cell)) return cell;
    const first = this.rowAt(cell) && `${cell}/${this.state.lists[listOf(cell)].columns[0].name}`;
    return first && this.has(first) ? first : null;
  }

  column(cell) {
    return this.#server.get(cell)?.column ?? null;
  }

  /** The place of a cell in reading order; a cell that is no more comes first. */
  place(cell) {
    return this.#server.get(cell)?.place ?? -1;
  }

  lay(cell, value) {
    this.#overlay.set(cell, value);
    if (this.#unmasked.has(cell)) this.#unmasked.set(cell, value);
    this.refused.delete(cell);
  }

  lift(cell) {
    this.#overlay.delete(cell);
  }

  /** Cells that show something else than the server said, with what they show. */
  unsaved() {
    return [...this.#overlay, ...[...this.refused].map(([cell, { text }]) => [cell, text])];
  }

  rows(list) {
    return this.state.lists[list]?.rows ?? [];
  }

  /** "Line 3 · Price"; of a health check "BMI · Value" */
  name(cell) {
    const label = this.column(cell)?.label ?? cell;
    if (!rowOf(cell)) return label;
    const key = listOf(cell) === "health_values" && this.rowAt(cell)?.values.key;
    if (key) return `${key} · ${label}`;
    const place = this.rows(listOf(cell)).indexOf(this.rowAt(cell)) + 1;
    return interpolate(gettext("Line %(line)s · %(column)s"), { line: place, column: label }, true);
  }

  /** The whole value of a masked field, shown until the page closes. */
  unmask(cell, value) {
    Object.assign(this.state.fields.find((field) => field.cell === cell), { value, masked: false });
    this.#unmasked.set(cell, value);
    this.#index();
    this.changed();
  }

  // --- issues ---

  openFindings() {
    return this.state.findings.filter((finding) => finding.severity !== "info" && !finding.acknowledged);
  }

  /** What is said about a value or about its whole line, worst first. */
  findingsAt(cell) {
    const found = this.state.findings.filter(({ cells }) => cells.includes(cell) || cells.includes(rowOf(cell)));
    return found.sort((one, other) => RANKS.indexOf(rankOf(one)) - RANKS.indexOf(rankOf(other)));
  }

  /** Everything to settle, in reading order. */
  issues() {
    const findings = this.openFindings().map((finding) => this.#findingIssue(finding));
    const conflicts = [...this.conflicts.keys()].map((cell) => ({ kind: "conflict", severity: "conflict", cell }));
    const refused = [...this.refused.keys()].map((cell) => ({ kind: "refused", severity: "error", cell }));
    const all = [...conflicts, ...refused, ...findings];
    return all.sort((one, other) => this.#placeOf(one) - this.#placeOf(other));
  }

  #findingIssue(finding) {
    const cell = finding.cells.map((each) => this.standIn(each)).find(Boolean) ?? null;
    return { kind: "finding", severity: finding.severity, cell, finding };
  }

  #placeOf(issue) {
    return issue.cell ? this.place(issue.cell) : -1;
  }

  /** The worst severity at each cell: conflict, error, warning. */
  severities() {
    const found = new Map();
    for (const finding of this.openFindings()) {
      for (const cell of this.#marked(finding)) {
        if (finding.severity === "error" || !found.has(cell)) found.set(cell, finding.severity);
      }
    }
    for (const cell of this.refused.keys()) found.set(cell, "error");
    for (const cell of this.conflicts.keys()) found.set(cell, "conflict");
    return found;
  }

  /** A sum over a whole list marks the value where it stands, not every line that it adds up. */
  #marked({ cells }) {
    return cells.length > MOST_MARKED ? cells.slice(0, 1) : cells;
  }

  // --- the index of cells ---

  #index() {
    this.#server = new Map();
    for (const field of this.state.fields) this.#putField(field);
    for (const list of LISTS) {
      const { columns, rows } = this.state.lists[list] ?? { columns: [], rows: [] };
      if (list === "health_values") measure(columns);
      for (const row of rows) for (const column of columns) this.#putInRow(list, row, column);
    }
  }

  /** After an edit: no cell came or went, a few have changed. */
  #indexAgain(news) {
    for (const field of this.state.fields) this.#putField(field);
    for (const [list, { changed }] of Object.entries(news)) {
      for (const row of changed) for (const column of this.state.lists[list].columns) this.#putInRow(list, row, column);
    }
  }

  #putField(field) {
    if (this.#unmasked.has(field.cell)) Object.assign(field, { value: this.#unmasked.get(field.cell), masked: false });
    this.#put(field.cell, field.value, field.source, field);
  }

  #putInRow(list, row, column) {
    this.#put(`${list}/${row.id}/${column.name}`, row.values[column.name] ?? null, row.sources[column.name] ?? null, column);
  }

  #put(cell, value, source, column) {
    this.#server.set(cell, { value, source, column, place: this.#server.get(cell)?.place ?? this.#server.size });
  }
}

/** Sources travel without what is empty, what their list says for them, and a text that is the value itself. */
function withWholeSources(row, common) {
  for (const [name, source] of Object.entries(row.sources)) {
    const whole = { ...EMPTY_SOURCE, ...common, ...source };
    whole.text ??= row.values[name] ?? "";
    row.sources[name] = whole;
  }
  return row;
}

/** @param {import("./types.js").Row[]} rows @param {import("./types.js").Row[]} changed @param {number[]} [order] ids */
function mergedRows(rows, changed, order) {
  const byId = new Map([...rows, ...changed].map((row) => [row.id, row]));
  return (order ?? rows.map(({ id }) => id)).map((id, n) => Object.assign(byId.get(id), { n }));
}

/** A health value is a number or a word ("negative"), depending on its line. */
function measure(columns) {
  const value = columns.find(({ name }) => name === "value");
  if (value) value.type = "measure";
}
