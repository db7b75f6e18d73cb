// The magnified piece of paper that a value was read from, turned as the page is turned.

import { find, setAttribute, setText } from "./dom.js";
import { turned, turning } from "./geometry.js";

const MARGIN_RATIO = 0.25; // of the height of the text, above and below
const LEAST_HEIGHT = 28; // pixels of the page: less would show grain, not text

export class Crop {
  /** @param {import("./overlay.js").Overlay} overlay */
  constructor(overlay) {
    this.overlay = overlay;
    this.root = find("#crop");
    this.svg = find("svg", this.root);
    this.words = find("span", this.root);
    [this.group, this.image, this.box] = ["g", "image", "rect"].map((tag) => find(tag, this.svg));
  }

  /** @param {string|null} cell */
  show(cell) {
    const spot = cell && (this.overlay.spot(cell) ?? this.overlay.rowSpot(cell));
    this.root.hidden = !cell; // a finding about the whole document has no place
    this.root.classList.toggle("nowhere", !spot);
    if (!spot) return setText(this.words, this.#whyNot(cell));
    const page = this.overlay.viewer.pages[spot.page];
    setAttribute(this.image, "href", page.picture);
    this.#size(this.image, { x: 0, y: 0, width: page.width, height: page.height });
    const [left, top, right, bottom] = spot.rect;
    this.#size(this.box, { x: left, y: top, width: right - left, height: bottom - top });
    const { x, y, degrees } = turning(page.rotation, page.width, page.height);
    setAttribute(this.group, "transform", `translate(${x} ${y}) rotate(${degrees})`);
    this.#frame(turned(spot.rect, page, page.rotation));
    return undefined;
  }

  #whyNot(cell) {
    const placed = this.overlay.store.source(cell)?.placed;
    if (placed === "several") return gettext("Several places on the paper");
    return placed === "nowhere" ? gettext("Not found on the paper") : gettext("No place on the paper");
  }

  /** As much paper as fits the window at the height of the text, the value in the middle. */
  #frame({ x, y, width, height }) {
    const aspect = this.root.clientWidth / Math.max(1, this.root.clientHeight);
    const tall = Math.max(height * (1 + 2 * MARGIN_RATIO), LEAST_HEIGHT, (width * 1.08) / aspect);
    const wide = tall * aspect;
    this.svg.setAttribute("viewBox", `${x + width / 2 - wide / 2} ${y + height / 2 - tall / 2} ${wide} ${tall}`);
  }

  #size(node, attributes) {
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  }
}
