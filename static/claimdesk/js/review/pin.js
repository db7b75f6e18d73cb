// Pinning a value to its place on the paper, for providers that give no boxes: drag a box, or click two corners of it.

import { find, say, setAttribute } from "./dom.js";

const DRAG_PX = 4;
const LEAST_SIDE = 4; // pixels of the page

/** Fires "drawn" ({detail: {page, rect}}). */
export class Pin extends EventTarget {
  #corner = null; // the first corner, {page, x, y, left, top}; left and top on the screen

  /** @param {import("./overlay.js").Overlay} overlay */
  constructor(overlay) {
    super();
    this.overlay = overlay;
    this.button = find("#pin");
    const { scroller } = overlay.viewer;
    this.button.addEventListener("click", () => this.#turn(!this.isOn));
    scroller.addEventListener("pointerdown", (event) => this.#take(event, () => this.#pressed(event)), true);
    scroller.addEventListener("pointermove", (event) => this.#take(event, () => this.#moved(event)), true);
    scroller.addEventListener("pointerup", (event) => this.#take(event, () => this.#released(event)), true);
    addEventListener("keydown", (event) => { if (event.key === "Escape" && this.isOn) this.#turn(false); });
  }

  get isOn() {
    return this.button.getAttribute("aria-pressed") === "true";
  }

  #turn(on) {
    setAttribute(this.button, "aria-pressed", String(on));
    this.overlay.viewer.scroller.classList.toggle("pinning", on);
    this.#corner = null;
    this.overlay.showDraft(null, null);
    if (on) say(gettext("Draw a box around the value on the paper: drag, or click two corners. Esc: leave it."));
  }

  /** While a box is drawn, nobody else hears the pointer: the picture stays where it is. */
  #take(event, act) {
    if (!this.isOn || event.button > 0) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    act();
  }

  #pressed(event) {
    const point = this.overlay.pagePoint(event);
    if (!this.#corner && point) this.#corner = { ...point, left: event.clientX, top: event.clientY };
  }

  #moved(event) {
    const rect = this.#rect(event);
    if (rect) this.overlay.showDraft(this.#corner.page, rect);
  }

  /** A press that did not move was the first of two corners. */
  #released(event) {
    const { left, top, page } = this.#corner ?? {};
    if (Math.hypot(event.clientX - left, event.clientY - top) <= DRAG_PX) return;
    const rect = this.#rect(event);
    if (!rect || rect[2] - rect[0] < LEAST_SIDE || rect[3] - rect[1] < LEAST_SIDE) return;
    this.#turn(false);
    this.dispatchEvent(new CustomEvent("drawn", { detail: { page, rect } }));
  }

  #rect(event) {
    const point = this.#corner && this.overlay.pagePoint(event);
    if (point?.page !== this.#corner?.page || !point) return null;
    const [{ x, y }, { width, height }] = [this.#corner, this.overlay.viewer.pages[point.page]];
    const within = (value, most) => Math.round(Math.max(0, Math.min(most, value)));
    return [within(Math.min(x, point.x), width), within(Math.min(y, point.y), height),
      within(Math.max(x, point.x), width), within(Math.max(y, point.y), height)];
  }
}
