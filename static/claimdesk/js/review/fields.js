// The head of the document: one small labelled input per value. Empty ones without an issue wait behind "All fields".

import { isComposing } from "./chord.js";
import { element, find, icon, setAttribute, setText } from "./dom.js";
import { preference, remember } from "./preferences.js";
import { editable, isNumeric, shown, typed } from "./values.js";

const WIDE = 16; // letters that one column holds; a Chinese character counts for two
const DOUBLE = /[\u2e80-\uffdc]/g;
const lettersOf = (text) => text.length + (text.match(DOUBLE)?.length ?? 0);

/** Fires "active" ({detail: cell}) when a field gets the focus, "done" when Enter leaves the last one. */
export class Fields extends EventTarget {
  #views = new Map(); // cell -> {box, input, mark, reveal}
  #untouched = ""; // what the field with the focus showed before anybody typed

  constructor(store, session, root) {
    super();
    Object.assign(this, { store, session, root });
    this.showAll = preference("allFields", false);
    root.replaceChildren(...store.state.fields.map((field) => this.#view(field)));
    this.toggle = find("#all-fields");
    this.toggle.addEventListener("click", () => this.#toggle());
    this.root.hidden = !store.state.fields.length;
    this.paint();
  }

  #view(field) {
    const id = `field-${field.name}`;
    const input = this.#input(field, id);
    const mark = element("span", { class: "mark" });
    const label = element("label", { for: id, title: field.title || null }, field.label);
    const box = element("div", { class: "doc-field" }, label, input, mark);
    const reveal = field.masked ? this.#revealButton(field) : null;
    if (reveal) box.append(reveal);
    box.classList.toggle("wide", lettersOf(field.value ?? "") > WIDE);
    this.#views.set(field.cell, { box, input, mark, reveal, wanted: false });
    return box;
  }

  #input(field, id) {
    const common = { id, "data-cell": field.cell, "aria-describedby": "issue-message", autocomplete: "off" };
    const input = field.choices?.length ? this.#select(field, common) : element("input", { ...common, type: "text", spellcheck: "false" });
    input.classList.toggle("number", isNumeric(field.type));
    if (isNumeric(field.type)) input.inputMode = "decimal";
    input.addEventListener("focus", () => this.#focused(field, input));
    input.addEventListener("change", () => this.#commit(field, input));
    input.addEventListener("blur", () => this.paint());
    input.addEventListener("keydown", (event) => this.#key(event, field, input));
    return input;
  }

  #select(field, attributes) {
    const options = field.choices.map(({ value, label }) => element("option", { value }, label));
    return element("select", attributes, element("option", { value: "" }, ""), ...options);
  }

  #revealButton(field) {
    const label = gettext("Show the whole value (this is logged)");
    const made = element("button", { type: "button", class: "reveal", title: label, "aria-label": label }, icon("reveal"));
    made.addEventListener("click", async () => {
      const value = await this.session.reveal(field.cell);
      if (value === null) return;
      this.store.unmask(field.cell, value);
      this.#views.get(field.cell).input.focus();
    });
    return made;
  }

  #focused(field, input) {
    if (input.select) this.#put(field, input);
    this.dispatchEvent(new CustomEvent("active", { detail: field.cell }));
  }

  /** What the field starts from, all of it selected: typing replaces it. */
  #put(field, input) {
    input.value = editable(field, this.store.value(field.cell));
    this.#untouched = input.value;
    input.select();
  }

  /** Whether something was typed into the field that is not saved yet. @param {HTMLElement} input */
  isTyping(input) {
    return input === document.activeElement && input.matches("input") && input.value !== this.#untouched;
  }

  #commit(field, input) {
    this.#untouched = input.value;
    const result = input instanceof HTMLSelectElement ? { value: input.value || null } : typed(field, input.value);
    if (result.problem) this.session.refuse(field.cell, input.value, result.problem);
    else this.session.edit([{ cell: field.cell, value: result.value }]);
  }

  #key(event, field, input) {
    if (isComposing(event) || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") {
      this.session.giveUp(field.cell);
      if (input.select) this.#put(field, input);
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.#commit(field, input);
      this.#step(field.cell, event.shiftKey ? -1 : 1);
    }
  }

  #step(cell, by) {
    const shownCells = [...this.#views].filter(([, { box }]) => !box.hidden).map(([each]) => each);
    const next = shownCells[shownCells.indexOf(cell) + by];
    if (next) this.focus(next);
    else if (by > 0) this.dispatchEvent(new CustomEvent("done"));
  }

  // --- what shows ---

  #toggle() {
    this.showAll = !this.showAll;
    remember("allFields", this.showAll);
    this.paint();
  }

  paint(severities = this.store.severities()) {
    let hidden = 0;
    for (const field of this.store.state.fields) {
      const view = this.#views.get(field.cell);
      if (!view) continue;
      const severity = severities.get(field.cell) ?? null;
      view.wanted ||= Boolean(severity) || this.store.value(field.cell) !== null; // once in sight it does not jump away
      view.box.hidden = !view.wanted && !this.showAll;
      hidden += view.wanted ? 0 : 1;
      this.#paintField(field, view, severity);
    }
    this.toggle.hidden = !hidden;
    setAttribute(this.toggle, "aria-expanded", String(this.showAll));
    const more = interpolate(ngettext("%s empty field", "%s empty fields", hidden), [hidden]);
    setText(find("span", this.toggle), this.showAll ? gettext("Hide empty fields") : more);
  }

  #paintField(field, { box, input, mark, reveal }, severity) {
    const value = this.store.value(field.cell);
    const isSelect = input instanceof HTMLSelectElement;
    if (isSelect) input.value = value ?? "";
    else if (document.activeElement !== input) input.value = shown(field, value);
    else if (!this.isTyping(input) && input.value !== editable(field, value)) this.#put(field, input);
    const locked = !this.store.canEdit || !field.editable || field.masked;
    if (isSelect) input.disabled = locked;
    else input.readOnly = locked;
    if (reveal) reveal.hidden = !field.masked || !this.store.state.permissions.reveal;
    setAttribute(input, "aria-invalid", severity === "error" || severity === "conflict" ? "true" : null);
    if ((box.dataset.severity ?? null) === severity) return;
    setAttribute(box, "data-severity", severity);
    mark.replaceChildren(...(severity ? [icon(severity)] : []));
  }

  // --- focus ---

  /** @returns {boolean} whether there is such a field */
  focus(cell, { focus = true } = {}) {
    const view = this.#views.get(cell);
    if (!view) return false;
    view.wanted = true;
    view.box.hidden = false;
    if (focus) view.input.focus();
    else this.dispatchEvent(new CustomEvent("active", { detail: cell }));
    view.box.scrollIntoView({ block: "nearest" });
    return true;
  }

  focusFirst() {
    const first = [...this.#views].find(([, { box }]) => !box.hidden);
    if (first) this.focus(first[0]);
  }
}
