// The page pictures in a native scroll container: zoom is the width, pan is scrolling, turning and brightness are CSS
// set through the CSSOM. No canvas, no library.

import { button, element, svgElement } from "./dom.js";
import { turned, turning } from "./geometry.js";
import { preference, remember } from "./preferences.js";

const MARGIN = 12;
const SMALLEST = 0.1;
const LARGEST = 6;
const FAR_PX = 1600;

/** Fires "view" after every change of page, zoom or turn; "rotated" ({detail: {index, rotation}}). */
export class Viewer extends EventTarget {
  /** @param {HTMLElement} scroller @param {import("./types.js").Page[]} pages */
  constructor(scroller, pages) {
    super();
    this.scroller = scroller;
    this.pages = pages.map((page) => this.#sheet(page));
    this.fit = preference("fit", "width");
    this.zoom = preference("zoom", 1);
    this.#tone(preference("tone", { brightness: 100, contrast: 100, inverted: false }));
    if (pages.length) scroller.replaceChildren(...this.pages.map(({ frame }) => frame));
    new ResizeObserver(() => this.layout()).observe(scroller);
    scroller.addEventListener("scroll", () => this.#viewed(), { passive: true });
    this.layout();
  }

  /** @param {import("./types.js").Page} page */
  #sheet(page) {
    const picture = element("img", {
      src: page.picture,
      alt: interpolate(gettext("Page %s of the document"), [page.index + 1]),
      width: page.width,
      height: page.height,
      decoding: "async",
      draggable: "false",
      loading: page.index ? "lazy" : "eager",
    });
    picture.addEventListener("error", () => frame.append(this.#problem(picture, page)));
    const overlay = svgElement("svg", { class: "overlay", viewBox: `0 0 ${page.width} ${page.height}`, "aria-hidden": "true" });
    const inner = element("div", { class: "sheet-inner" }, picture, overlay);
    const frame = element("div", { class: "sheet", "data-page": page.index }, inner);
    return { ...page, frame, inner, overlay };
  }

  /** The store may be away for a moment; the values can be worked on all the same. */
  #problem(picture, page) {
    const again = button(gettext("Try again"), { act: () => { problem.remove(); picture.src = `${page.picture}?${Date.now()}`; } });
    const problem = element("div", { class: "sheet-problem" }, gettext("The picture of this page cannot be shown."), again);
    return problem;
  }

  #viewed() {
    this.dispatchEvent(new CustomEvent("view"));
  }

  // --- size ---

  layout() {
    const room = { width: this.scroller.clientWidth - 2 * MARGIN, height: this.scroller.clientHeight - 2 * MARGIN };
    if (room.width <= 0 || !this.pages.length) return;
    if (this.fit) this.zoom = this.#fitting(room);
    for (const sheet of this.pages) this.#place(sheet);
    this.#viewed();
  }

  #fitting(room) {
    const { width, height } = this.#turnedSize(this.pages[this.page]);
    const byWidth = room.width / width;
    return this.fit === "page" ? Math.min(byWidth, room.height / height) : byWidth;
  }

  #turnedSize({ width, height, rotation }) {
    return rotation % 180 ? { width: height, height: width } : { width, height };
  }

  #place(sheet) {
    const [width, height] = [sheet.width * this.zoom, sheet.height * this.zoom];
    const size = this.#turnedSize(sheet);
    sheet.frame.style.width = `${size.width * this.zoom}px`;
    sheet.frame.style.height = `${size.height * this.zoom}px`;
    sheet.inner.style.width = `${width}px`;
    sheet.inner.style.height = `${height}px`;
    const { x, y, degrees } = turning(sheet.rotation, width, height);
    sheet.inner.style.transform = `translate(${x}px, ${y}px) rotate(${degrees}deg)`;
  }

  /** Keeps the point under (x, y) of the scroller where it is; the middle when not given. */
  setZoom(zoom, x = this.scroller.clientWidth / 2, y = this.scroller.clientHeight / 2) {
    const factor = Math.max(SMALLEST, Math.min(LARGEST, zoom)) / this.zoom;
    const left = (this.scroller.scrollLeft + x) * factor - x;
    const top = (this.scroller.scrollTop + y) * factor - y;
    this.#keepFit(null);
    this.zoom *= factor;
    remember("zoom", this.zoom);
    this.layout();
    this.scroller.scrollTo(left, top);
  }

  zoomIn() {
    this.setZoom(this.zoom * 1.2);
  }

  zoomOut() {
    this.setZoom(this.zoom / 1.2);
  }

  /** @param {"width"|"page"} fit */
  setFit(fit) {
    const page = this.page;
    this.#keepFit(fit);
    this.layout();
    this.goToPage(page);
  }

  #keepFit(fit) {
    this.fit = fit;
    remember("fit", fit);
  }

  rotate(degrees = 90) {
    const sheet = this.pages[this.page];
    if (!sheet) return;
    sheet.rotation = (sheet.rotation + degrees + 360) % 360;
    this.layout();
    this.dispatchEvent(new CustomEvent("rotated", { detail: { index: sheet.index, rotation: sheet.rotation } }));
  }

  // --- tone ---

  setTone(tone) {
    this.#tone(tone);
    remember("tone", tone);
  }

  #tone({ brightness, contrast, inverted }) {
    this.tone = { brightness, contrast, inverted };
    const plain = brightness === 100 && contrast === 100 && !inverted;
    const filter = `brightness(${brightness}%) contrast(${contrast}%)${inverted ? " invert(1)" : ""}`;
    if (plain) this.scroller.style.removeProperty("--tone");
    else this.scroller.style.setProperty("--tone", filter);
  }

  // --- place ---

  /** The page in view: the last whose top is above a third of the window. */
  get page() {
    const line = this.scroller.scrollTop + this.scroller.clientHeight / 3;
    const below = this.pages.findIndex(({ frame }) => frame.offsetTop > line);
    return Math.max(0, (below < 0 ? this.pages.length : below) - 1);
  }

  goToPage(index) {
    const sheet = this.pages[Math.max(0, Math.min(this.pages.length - 1, index))];
    if (sheet) this.scroller.scrollTop = sheet.frame.offsetTop - MARGIN;
  }

  /** Scrolls only when the box is near or beyond an edge. */
  reveal(pageIndex, rect) {
    const sheet = this.pages[pageIndex];
    if (!sheet) return;
    const box = turned(rect, sheet, sheet.rotation);
    const top = this.#towards("Top", "Height", sheet.frame.offsetTop + box.y * this.zoom, box.height * this.zoom);
    const left = this.#towards("Left", "Width", sheet.frame.offsetLeft + box.x * this.zoom, box.width * this.zoom);
    const far = Math.abs(top - this.scroller.scrollTop) > FAR_PX || matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.scroller.scrollTo({ top, left, behavior: far ? "auto" : "smooth" });
  }

  #towards(side, extent, start, length) {
    const now = this.scroller[`scroll${side}`];
    const room = this.scroller[`client${extent}`];
    const margin = Math.min(side === "Top" ? 140 : 20, room / 4);
    const inView = start - margin >= now && start + length + margin <= now + room;
    return inView ? now : start + length / 2 - room * (side === "Top" ? 0.42 : 0.5);
  }
}
