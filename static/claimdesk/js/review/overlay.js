// The boxes on the paper: a yellow band on the active line, a blue box on the active value, red solid and amber dashed
// boxes where something is open, numbered ones where the active value may stand.

import { svgElement } from "./dom.js";
import { area, around, contains, unturned } from "./geometry.js";
import { listOf, rowOf } from "./store.js";

const CLICK_SLACK_PX = 4;

/** Fires "pick" ({detail: cell}) and, for one of the places where the active value may stand, "chosen" ({detail: {page, rect}}). */
export class Overlay extends EventTarget {
  /** @param {import("./viewer.js").Viewer} viewer @param {import("./store.js").Store} store */
  constructor(viewer, store) {
    super();
    this.viewer = viewer;
    this.store = store;
    this.layers = viewer.pages.map(({ overlay }) => this.#layer(overlay));
    this.#listenForClicks();
  }

  #layer(overlay) {
    const layer = { marks: svgElement("g"), band: svgElement("rect", { class: "band" }), value: svgElement("rect", { class: "value" }), candidates: svgElement("g"), draft: box({ class: "draft" }, null) };
    overlay.append(layer.band, layer.marks, layer.value, layer.candidates, layer.draft);
    return layer;
  }

  /** Where a cell was read: {page, rect}, or null. */
  spot(cell) {
    const source = this.store.source(cell);
    return source?.rect && this.viewer.pages[source.page ?? 0] ? { page: source.page ?? 0, rect: source.rect } : null;
  }

  /** Where a cell may stand: [{page, rect}]. @param {string|null} cell */
  candidates(cell) {
    const found = (cell && this.store.source(cell)?.candidates) ?? [];
    return found.map(([page, ...rect]) => ({ page, rect })).filter(({ page }) => this.viewer.pages[page]);
  }

  /** Where a line was read: all its boxes on the page of the first. */
  rowSpot(cell) {
    const row = rowOf(cell);
    if (!row) return null;
    const columns = this.store.state.lists[listOf(cell)].columns;
    const spots = columns.map(({ name }) => this.spot(`${row}/${name}`)).filter(Boolean);
    const onPage = spots.filter(({ page }) => page === spots[0].page);
    return spots.length ? { page: spots[0].page, rect: around(onPage.map(({ rect }) => rect)) } : null;
  }

  /** @param {Map<string, string>} severities by cell */
  showMarks(severities) {
    const marks = this.layers.map(() => []);
    for (const [cell, severity] of severities) {
      const spot = this.spot(cell);
      if (spot) marks[spot.page].push(box({ class: `mark ${severity}` }, spot.rect));
    }
    this.layers.forEach((layer, page) => layer.marks.replaceChildren(...marks[page]));
  }

  /** The active cell; scrolls the picture to it. */
  focus(cell) {
    const target = this.focusQuietly(cell);
    if (target) this.viewer.reveal(target.page, target.rect);
  }

  /** As `focus`, and the picture stays where it is. */
  focusQuietly(cell) {
    const row = cell && this.rowSpot(cell);
    const spot = (cell && this.spot(cell)) || null;
    this.choices = this.candidates(cell);
    this.layers.forEach((layer, page) => {
      place(layer.band, row?.page === page ? row.rect : null);
      place(layer.value, spot?.page === page ? spot.rect : null);
      layer.candidates.replaceChildren(...this.#candidateBoxes(page));
    });
    return spot ?? row ?? this.choices[0] ?? null;
  }

  /** Numbered as the buttons of the issue bar. */
  #candidateBoxes(page) {
    return this.choices.flatMap(({ page: own, rect }, index) => {
      if (own !== page) return [];
      const [left, top, , bottom] = rect;
      const size = Math.max(18, (bottom - top) * 0.9);
      const name = svgElement("text", { class: "candidate-name", x: left - 4, y: bottom - (bottom - top) * 0.15, "font-size": size, "text-anchor": "end" }, index + 1);
      return [box({ class: "candidate" }, rect), name];
    });
  }

  // --- a click on the paper goes to the cell read there ---

  #listenForClicks() {
    let start = null;
    const { scroller } = this.viewer;
    scroller.addEventListener("pointerdown", (event) => { start = [event.clientX, event.clientY]; });
    scroller.addEventListener("pointerup", (event) => {
      const still = start && Math.hypot(event.clientX - start[0], event.clientY - start[1]) <= CLICK_SLACK_PX;
      if (still && event.button === 0) this.#pick(event);
      start = null;
    });
  }

  #pick(event) {
    const point = this.pagePoint(event);
    const chosen = point && this.choices?.find(({ page, rect }) => page === point.page && contains(rect, point.x, point.y));
    if (chosen) return this.dispatchEvent(new CustomEvent("chosen", { detail: chosen }));
    const cell = point && this.#smallestAt(point.page, point.x, point.y);
    return cell && this.dispatchEvent(new CustomEvent("pick", { detail: cell }));
  }

  /** Where on the paper the pointer is, {page, x, y} in pixels of the page; null beside the paper. */
  pagePoint(event) {
    const frame = document.elementFromPoint(event.clientX, event.clientY)?.closest(".sheet");
    if (!frame) return null;
    const page = Number(frame.dataset.page);
    const { rotation, width, height } = this.viewer.pages[page];
    const bounds = frame.getBoundingClientRect();
    const [x, y] = unturned((event.clientX - bounds.left) / bounds.width, (event.clientY - bounds.top) / bounds.height, rotation);
    return { page, x: x * width, y: y * height };
  }

  /** The box that is being drawn; null takes it away. */
  showDraft(page, rect) {
    this.layers.forEach((layer, index) => place(layer.draft, index === page ? rect : null));
  }

  #smallestAt(page, x, y) {
    let best = null;
    for (const cell of this.store.cells()) {
      const spot = this.spot(cell);
      if (spot?.page !== page || !contains(spot.rect, x, y)) continue;
      if (!best || area(spot.rect) < area(best.rect)) best = { cell, rect: spot.rect };
    }
    return best?.cell ?? null;
  }
}

function box(attributes, rect) {
  const drawn = svgElement("rect", attributes);
  place(drawn, rect);
  return drawn;
}

function place(drawn, rect) {
  drawn.setAttribute("visibility", rect ? "visible" : "hidden");
  if (!rect) return;
  const [left, top, right, bottom] = rect;
  const attributes = { x: left, y: top, width: right - left, height: bottom - top };
  for (const [name, value] of Object.entries(attributes)) drawn.setAttribute(name, value);
}
