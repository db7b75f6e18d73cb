// The list of choices under the live input: a combobox that filters while one types. Words not in it may be typed too:
// papers print what they like.

import { element, setAttribute } from "./dom.js";

let count = 0;

export class ChoiceList {
  #choices = null;
  #marked = -1;

  /** @param {HTMLInputElement} input @param {(choice: import("./types.js").Choice) => void} choose */
  constructor(input, choose) {
    this.input = input;
    this.choose = choose;
    count += 1;
    this.list = element("ul", { class: "choice-list", role: "listbox", id: `choices-${count}`, "aria-label": gettext("Choices") });
    this.list.hidden = true;
    this.list.addEventListener("pointerdown", (event) => this.#clicked(event));
  }

  /** @param {import("./types.js").Choice[]|null} choices null: the cell takes any text */
  offer(choices) {
    if (this.#choices === choices) return;
    this.#choices = choices;
    const attributes = { role: "combobox", "aria-expanded": "false", "aria-controls": this.list.id, "aria-autocomplete": "list" };
    for (const [name, value] of Object.entries(attributes)) setAttribute(this.input, name, choices ? value : null);
  }

  get isOpen() {
    return !this.list.hidden;
  }

  open() {
    if (!this.#choices?.length) return;
    if (!this.list.isConnected) document.body.append(this.list);
    this.list.hidden = false;
    setAttribute(this.input, "aria-expanded", "true");
    this.#render(this.#choices);
    this.#position();
  }

  close() {
    if (!this.isOpen) return;
    this.list.hidden = true;
    setAttribute(this.input, "aria-expanded", "false");
    setAttribute(this.input, "aria-activedescendant", null);
  }

  filter() {
    if (!this.isOpen) return;
    const words = this.input.value.trim().toLowerCase();
    const places = ({ label, value }) => [label, String(value)].map((text) => text.toLowerCase().indexOf(words));
    const rank = (choice) => Math.min(...places(choice).filter((at) => at >= 0));
    const hits = this.#choices.filter((choice) => rank(choice) < Infinity);
    this.#render(hits.sort((one, other) => rank(one) - rank(other)));
  }

  #render(choices) {
    this.shown = choices;
    const item = ({ label }, index) => element("li", { role: "option", id: `${this.list.id}-${index}` }, label);
    this.list.replaceChildren(...choices.map(item));
    const typed = this.input.value.trim().toLowerCase();
    this.mark(choices.findIndex(({ label }) => typed && label.toLowerCase().startsWith(typed)));
  }

  /** Moves the mark; it wraps. @param {number} index -1: nothing marked */
  mark(index) {
    const items = [...this.list.children];
    this.#marked = items.length && index >= -1 ? index % items.length : items.length - 1;
    items.forEach((item, at) => setAttribute(item, "aria-selected", String(at === this.#marked)));
    setAttribute(this.input, "aria-activedescendant", items[this.#marked]?.id ?? null);
    items[this.#marked]?.scrollIntoView({ block: "nearest" });
  }

  step(by) {
    this.mark(this.#marked + by);
  }

  /** Writes the marked choice into the input; the caller commits. */
  accept() {
    const choice = this.isOpen && this.input.value.trim() !== "" ? this.shown[this.#marked] : null;
    if (choice) this.input.value = choice.label;
  }

  #clicked(event) {
    event.preventDefault(); // the focus stays in the input
    const at = [...this.list.children].indexOf(event.target.closest("li"));
    if (at >= 0) this.choose(this.shown[at]);
  }

  #position() {
    const below = this.input.getBoundingClientRect();
    const up = below.bottom + 240 > innerHeight;
    this.list.style.left = `${below.left}px`;
    this.list.style.minWidth = `${below.width}px`;
    this.list.style.top = up ? "" : `${below.bottom + 2}px`;
    this.list.style.bottom = up ? `${innerHeight - below.top + 2}px` : "";
  }
}
