// The parts of the screen brought together: where the cursor is, what follows it, and the way through the issues.

import { Answer } from "./answer.js";
import { bindColumnsMenu } from "./columns-menu.js";
import { Crop } from "./crop.js";
import { Decision } from "./decision.js";
import { find, findAll, say, setText } from "./dom.js";
import { Fields } from "./fields.js";
import { bindTooltips } from "./glossary.js";
import { Grid } from "./grid.js";
import { bindGridKeys } from "./grid-keys.js";
import { healthExtras } from "./health.js";
import { showHistory } from "./history.js";
import { IssueBar } from "./issue-bar.js";
import { Issues } from "./issues.js";
import { Overlay } from "./overlay.js";
import { Pin } from "./pin.js";
import { listOf } from "./store.js";
import { Tabs } from "./tabs.js";
import { showCounts, showPresence, showStatus, showTotals } from "./totals.js";
import { Viewer } from "./viewer.js";
import { bindViewerTools } from "./viewer-tools.js";

const PANEL_OF_LIST = { line_items: "lines", health_values: "lines", cost_categories: "sums", payments_info: "sums" };

const isTouched = () => matchMedia("(pointer: coarse)").matches;

export class Screen {
  /** @param {import("./store.js").Store} store @param {import("./session.js").Session} session */
  constructor(store, session) {
    Object.assign(this, { store, session, cell: null, leaving: false, following: false });
    this.viewer = new Viewer(find("#pages"), store.state.pages);
    bindViewerTools(this.viewer);
    this.overlay = new Overlay(this.viewer, store);
    this.pin = new Pin(this.overlay);
    this.issues = new Issues(store);
    this.bar = new IssueBar({ store, session, issues: this.issues, crop: new Crop(this.overlay) });
    this.fields = new Fields(store, session, find("#fields"));
    this.answer = new Answer(find("#answer"), () => session.answer());
    this.tabs = new Tabs(find("[role=tablist]"));
    this.grids = this.#makeGrids();
    this.decision = new Decision(store, session, this.issues);
    bindTooltips(find("#panels"));
    this.#listen();
    this.paint();
    showPresence(store.state.presence);
    this.bar.show(null);
  }

  #makeGrids() {
    const tables = findAll("table[data-list]").filter((table) => this.store.state.lists[table.dataset.list]);
    return tables.map((table) => {
      const { list } = table.dataset;
      const extras = list === "health_values" ? healthExtras(this.store.state) : [];
      const grid = new Grid({ store: this.store, session: this.session, list, table, label: table.dataset.label, extras });
      bindGridKeys(grid);
      const menu = find(`[data-columns=${list}]`);
      if (menu) bindColumnsMenu(menu, grid);
      return grid;
    });
  }

  #listen() {
    this.store.addEventListener("change", (event) => this.#changed(event.detail));
    this.session.addEventListener("status", ({ detail }) => showStatus(detail, this.session.outbox.size));
    this.session.addEventListener("undone", ({ detail }) => this.goTo(detail));
    this.fields.addEventListener("active", ({ detail }) => this.#arrived(detail));
    this.fields.addEventListener("done", () => this.grids[0]?.moveTo(0, 0));
    for (const grid of this.grids) {
      grid.addEventListener("active", ({ detail }) => this.#arrived(detail));
      grid.addEventListener("leave", () => find("#next-issue").focus());
    }
    this.overlay.addEventListener("pick", ({ detail }) => this.goTo(detail));
    for (const [source, name] of [[this.pin, "drawn"], [this.overlay, "chosen"], [this.bar, "chosen"]]) {
      source.addEventListener(name, ({ detail }) => this.#pinned(detail));
    }
    this.viewer.addEventListener("rotated", ({ detail }) => this.#rotated(detail));
    this.bar.addEventListener("settled", ({ detail }) => this.#settled(detail));
    this.bar.addEventListener("back", () => this.goTo(this.cell));
    this.tabs.addEventListener("change", () => this.#paintPanel());
  }

  /** The page opens at its first issue, or else at its first value; on a phone at its head. */
  begin() {
    if (this.store.state.places_wanted && this.store.canEdit) this.session.locate();
    const [first] = this.store.issues();
    if (!this.store.canEdit || isTouched()) return;
    if (first) this.#goToIssue(first);
    else this.goTo(this.store.firstCell);
  }

  /** The current issue was settled elsewhere: by the fix of another, or by another person. */
  #afterwards() {
    this.issues.arriveAt(this.cell);
    const free = !this.bar.asking && this.grids.every((grid) => grid.editor.mode === "rest");
    if (this.following && free && !this.issues.current && this.session.outbox.isEmpty) this.nextIssue(1);
  }

  async #pinned({ page, rect }) {
    if (!this.cell || !this.store.canEdit || !(await this.session.pin(this.cell, page, rect))) return;
    this.overlay.focus(this.cell);
    this.bar.show(this.cell);
  }

  #rotated({ index, rotation }) {
    this.session.saveRotation(index, rotation);
    this.overlay.focus(this.cell);
    this.bar.show(this.cell);
  }

  // --- painting ---

  #changed({ cells, remote }) {
    const gone = this.issues.current && !this.issues.refresh();
    for (const grid of this.grids) grid.arrange();
    this.paint();
    if (gone || (this.following && !this.issues.current)) this.#afterwards();
    if (remote) this.bar.showPlace();
    this.bar.refresh();
    if (!remote) return;
    for (const grid of this.grids) grid.flash(cells);
    showPresence(this.store.state.presence);
    const { length } = cells;
    const message = ngettext("Another person changed %s value.", "Another person changed %s values.", length);
    if (length) say(interpolate(message, [length]));
  }

  paint() {
    const severities = this.store.severities();
    for (const grid of this.grids) grid.paint(severities);
    this.fields.paint(severities);
    this.overlay.showMarks(severities);
    this.overlay.focusQuietly(this.cell);
    showCounts(this.issues.counts());
    showTotals(this.store.state);
    this.decision.refresh();
    this.#paintPanel();
  }

  #paintPanel() {
    const { state } = this.store;
    setText(find("#lines-count"), String((state.lists.line_items ?? state.lists.health_values)?.rows.length ?? 0));
    setText(find("#history-count"), String(state.history.length));
    if (this.tabs.current === "answer") this.answer.show(state);
    if (this.tabs.current === "history") showHistory(find("#history"), state.history, this.#historyVerbs());
  }

  #historyVerbs() {
    return {
      goTo: (cell) => this.goTo(cell),
      takeBack: this.store.canEdit ? (batch) => this.session.takeBack(batch) : null,
      has: (cell) => this.store.standIn(cell) !== null,
    };
  }

  // --- the cursor ---

  #arrived(cell) {
    this.cell = cell;
    this.leaving = false;
    this.following = false;
    for (const grid of this.grids) grid.table.classList.toggle("current", grid.list === listOf(cell));
    this.issues.arriveAt(cell);
    this.overlay.focus(cell);
    this.bar.show(cell);
    find("#pin").disabled = !this.store.canEdit || !this.store.source(cell);
  }

  get visibleGrids() {
    return this.grids.filter(({ table }) => table.offsetParent);
  }

  /** @returns {Grid|undefined} the grid that the cursor is in or was in last, if one can see it: nothing happens to a line out of sight */
  get grid() {
    const [first, ...others] = this.visibleGrids;
    const list = this.cell && listOf(this.cell);
    return [first, ...others].find((grid) => grid?.list === list) ?? (others.length ? undefined : first);
  }

  /** A finger looks first: the keyboard of a phone would cover what it came to see. */
  goTo(address) {
    const cell = address && this.store.standIn(address);
    if (!cell) return false;
    const options = { focus: !isTouched() };
    const panel = PANEL_OF_LIST[listOf(cell)];
    if (!panel) return this.fields.focus(cell, options);
    this.tabs.show(panel);
    return this.grids.some((grid) => grid.goToCell(cell, options));
  }

  // --- the way through the issues ---

  /** F8 and Shift+F8; after the last issue, F8 leads to the next document of the list: not for a key held down. @param {1|-1} direction */
  nextIssue(direction, isHeld = false) {
    this.commitEdits();
    const issue = this.issues.next(direction, this.cell);
    this.following = false;
    if (!issue) return this.#offerNextDocument(direction, isHeld);
    this.#goToIssue(issue);
    return true;
  }

  #goToIssue(issue) {
    this.issues.current = issue;
    if (issue.cell) this.goTo(issue.cell);
    this.issues.current = issue; // the cell may hold a worse one; the cursor came for this
    if (!issue.cell) this.cell = null;
    this.bar.show(this.cell);
    if (!issue.cell && !isTouched()) find("#next-issue").focus();
    this.following = true; // until the reader moves: when the answer settles this one too, on to the next
  }

  #offerNextDocument(direction, isHeld) {
    if (isHeld && this.leaving) return;
    const { next, previous } = this.store.state.queue;
    const url = direction > 0 ? next : previous;
    if (this.leaving && url) location.assign(url);
    this.leaving = Boolean(url);
    const more = gettext("Nothing open here. F8 again: the next document. Ctrl+Enter: decide.");
    say(url ? more : gettext("Nothing is open. Ctrl+Enter: decide."));
  }

  /** Ctrl+Z: first what stands in this very value and could not be saved, then what the server has. */
  undo() {
    if (this.store.refused.has(this.cell)) this.session.giveUp(this.cell);
    else this.session.undo();
  }

  /** Alt+Enter: the first way out, then on to the next issue. */
  applyFirst() {
    this.commitEdits();
    return this.bar.applyFirst();
  }

  /** What is being typed is saved now. */
  commitEdits() {
    for (const grid of this.grids) grid.editor.commit();
    if (document.activeElement?.matches("#fields input")) document.activeElement.dispatchEvent(new Event("change"));
  }

  /** One issue less: on to the next that does not hang on the same values, and so may be settled with it. */
  #settled({ finding, cells }) {
    const changed = new Set(cells);
    const about = (issue) => issue.finding?.cells ?? [issue.cell];
    const others = this.store.issues().filter((issue) => issue.finding?.id !== finding?.id || !finding);
    const place = this.cell ? this.store.place(this.cell) : -1;
    const untouched = others.filter((issue) => !about(issue).some((cell) => changed.has(cell)));
    const following = untouched.find((issue) => issue.cell && this.store.place(issue.cell) >= place) ?? untouched[0];
    if (following) this.#goToIssue(following);
    else this.#lastSettled();
  }

  #lastSettled() {
    this.issues.current = null;
    if (!this.goTo(this.cell)) find("#next-issue").focus();
    this.bar.refresh();
    this.following = true;
  }
}
