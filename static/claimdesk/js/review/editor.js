// The live input of a grid and its three modes:
//   rest    the value is shown and selected; typing replaces it, arrows move
//   typing  something was typed over it; arrows save and move
//   editing (F2, double click) arrows move inside the text

import { ChoiceList } from "./choice-list.js";
import { element, say, setAttribute } from "./dom.js";
import { editable, isNumeric, shown, typed } from "./values.js";

export class Editor {
  /** @param {import("./grid.js").Grid} grid */
  constructor(grid) {
    this.grid = grid;
    this.mode = "rest";
    this.td = null;
    this.input = element("input", {
      class: "cell-editor", type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false",
      "aria-describedby": "issue-message grid-help",
    });
    this.choices = new ChoiceList(this.input, (choice) => this.#choose(choice));
    this.#listen();
  }

  get column() {
    return this.grid.columns[this.grid.column];
  }

  get #cell() {
    return this.grid.active;
  }

  get #readOnly() {
    return !this.grid.store.canEdit || !this.column?.editable;
  }

  /** Sits in a cell. @param {HTMLElement} td */
  enter(td, focus) {
    // An answer that arrives while one is typing arranges the rows again: what is being typed stays.
    if (this.mode !== "rest" && this.td === td && this.input.parentNode === td) return;
    this.#rest();
    if (this.td !== td || this.input.parentNode !== td) {
      this.td?.classList.remove("active");
      this.td?.parentNode?.classList.remove("active");
      td.append(this.input);
      td.classList.add("active");
      td.parentNode.classList.add("active");
      this.td = td;
    }
    this.refresh();
    if (focus) this.input.focus({ preventScroll: true });
    if (focus) this.input.select();
  }

  leave() {
    this.input.remove();
    this.td = null;
  }

  /** The line is gone, removed by another person: what was being typed into it has no place any more. */
  abandon() {
    const text = this.input.value;
    if (this.mode !== "rest" && text) say(interpolate(gettext("The line was removed meanwhile: “%s” was not saved."), [text]));
    this.#rest();
  }

  /** Shows the value as it stands; leaves what is being typed alone. */
  refresh() {
    if (!this.td || !this.#cell || this.mode !== "rest") return;
    const { column } = this;
    const text = shown(column, this.grid.store.value(this.#cell));
    if (this.input.value !== text) this.input.value = text;
    this.input.placeholder = this.grid.store.standInText(this.#cell);
    this.input.readOnly = this.#readOnly;
    this.input.classList.toggle("number", isNumeric(column.type));
    this.input.inputMode = isNumeric(column.type) ? "decimal" : "text";
    const severity = this.td.dataset.severity;
    setAttribute(this.input, "aria-invalid", severity === "error" || severity === "conflict" ? "true" : null);
    setAttribute(this.input, "aria-label", this.grid.store.name(this.#cell));
    this.choices.offer(column.choices);
    if (document.activeElement === this.input) this.input.select();
  }

  #rest() {
    this.mode = "rest";
    this.choices.close();
    this.input.classList.remove("typing");
  }

  /** Into the text: the caret at its end, the value as it is saved. */
  edit() {
    if (this.#readOnly) return;
    if (this.mode === "rest") this.input.value = editable(this.column, this.grid.store.value(this.#cell));
    this.mode = this.mode === "editing" ? "typing" : "editing";
    this.input.classList.add("typing");
    this.input.setSelectionRange(this.input.value.length, this.input.value.length);
    this.choices.open();
  }

  cancel() {
    this.#rest();
    this.refresh();
  }

  /** Saves what was typed; text that is no value of this column stays, marked. */
  commit() {
    if (this.mode === "rest" || !this.#cell) return;
    const [cell, text] = [this.#cell, this.input.value];
    this.#rest();
    const result = typed(this.column, text);
    if (result.problem) this.grid.session.refuse(cell, text, result.problem);
    else this.grid.session.edit([{ cell, value: result.value }]);
    this.refresh();
  }

  #choose(choice) {
    this.input.value = choice.label;
    this.mode = "typing";
    this.commit();
    this.input.focus();
  }

  #startTyping() {
    if (this.mode !== "rest" || this.#readOnly) return;
    this.grid.anchor = { row: this.grid.row, column: this.grid.column };
    this.grid.paintRange();
    this.mode = "typing";
    this.input.classList.add("typing");
    this.choices.open();
  }

  /** A click into the active cell at rest keeps the whole value selected: typing still replaces it. */
  #clicked(event) {
    if (this.mode !== "rest") return;
    event.preventDefault();
    this.input.focus();
    this.input.select();
  }

  #listen() {
    this.input.addEventListener("beforeinput", () => this.#startTyping());
    this.input.addEventListener("compositionstart", () => this.#startTyping());
    this.input.addEventListener("input", () => { this.#startTyping(); this.choices.filter(); }); // dictation sends no beforeinput
    this.input.addEventListener("blur", () => this.commit());
    this.input.addEventListener("focus", () => this.mode === "rest" && this.input.select());
    this.input.addEventListener("mousedown", (event) => this.#clicked(event));
    this.input.addEventListener("dblclick", () => this.mode === "rest" && this.edit());
  }
}
