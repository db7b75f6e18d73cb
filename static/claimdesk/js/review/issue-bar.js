// The docked bar: always in the same place, it says what is wrong with the value under the cursor and offers the ways
// out of it. Nothing covers the rows.

import { isComposing } from "./chord.js";
import { button, element, find, setAttribute, setText } from "./dom.js";
import { meaningOf } from "./glossary.js";
import { preference, remember } from "./preferences.js";
import { rowOf } from "./store.js";
import { shown } from "./values.js";

const MOST_ALTERNATIVES = 3;

/**
 * Fires "settled" ({detail: {finding, cells}}, the cells it changed) when something was fixed or accepted: the cursor goes on;
 * "chosen" ({detail: {page, rect}}) for one of the places where the value may stand.
 */
export class IssueBar extends EventTarget {
  /**
   * @param {object} parts
   * @param {import("./store.js").Store} parts.store
   * @param {import("./session.js").Session} parts.session
   * @param {import("./issues.js").Issues} parts.issues
   * @param {import("./crop.js").Crop} parts.crop
   */
  constructor({ store, session, issues, crop }) {
    super();
    Object.assign(this, { store, session, issues, crop, cell: null, asking: false });
    [this.root, this.where, this.rule, this.message, this.source, this.actions] =
      ["#issue", "#issue-where", "#issue-rule", "#issue-message", "#issue-source", "#issue-actions"].map((selector) => find(selector));
  }

  /** @param {string|null} cell */
  show(cell) {
    if (cell !== this.cell) this.asking = false;
    this.cell = cell;
    this.showPlace();
    this.refresh();
  }

  showPlace() {
    this.crop.show(this.cell ?? this.issues.current?.cell ?? null);
  }

  refresh() {
    const { current } = this.issues;
    setAttribute(this.root, "data-severity", current?.severity ?? null);
    setText(this.where, this.cell && this.store.has(this.cell) ? this.store.name(this.cell) : gettext("Whole document"));
    this.#showRule(current?.kind ? current.finding : this.#noted);
    setText(this.message, this.#message(current));
    setText(this.source, this.#sourceLine());
    this.source.title = this.source.textContent; // it may be cut
    if (this.asking) return;
    this.actions.replaceChildren(...this.#buttons(current));
  }

  /** What is said about a value that has nothing open. */
  get #noted() {
    return this.cell && this.store.findingsAt(this.cell)[0];
  }

  /** Which rule speaks; what it says stands in the help. */
  #showRule(finding) {
    this.rule.hidden = !finding;
    if (!finding) return;
    setText(this.rule, finding.code);
    setAttribute(this.rule, "href", finding.explanation_url);
  }

  // --- words ---

  #message(issue) {
    if (issue?.kind === "conflict") return this.#conflictMessage(this.store.conflicts.get(issue.cell));
    if (issue?.kind === "refused") return this.store.refused.get(issue.cell).message;
    if (issue) return issue.finding.message + this.#others();
    const noted = this.#noted;
    if (!noted) return this.cell ? gettext("No issue here.") : this.#overall();
    if (!noted.acknowledged) return noted.message;
    return interpolate(gettext("%(message)s — accepted by %(by)s: %(reason)s"), { message: noted.message, ...noted.acknowledged }, true);
  }

  #overall() {
    return this.store.issues().length ? gettext("“Next issue” (F8) goes to the first one.") : gettext("Nothing is open.");
  }

  #others() {
    const more = this.issues.at(this.cell).length - 1;
    return more > 0 ? " " + interpolate(ngettext("(%s more here)", "(%s more here)", more), [more]) : "";
  }

  #conflictMessage({ cell, theirs, mine, by }) {
    const column = this.store.column(cell);
    if (!column) return interpolate(gettext("%s removed this line while you changed it."), [by]);
    const words = (value) => shown(column, value) || gettext("nothing");
    return interpolate(gettext("%(by)s wrote “%(theirs)s” while you wrote “%(mine)s”."), { by, theirs: words(theirs), mine: words(mine) }, true);
  }

  /** Where the value comes from, and what the provider's flag and our own sum say about it. */
  #sourceLine() {
    const source = this.cell && this.store.source(this.cell);
    const parts = [source ? this.#origin(source) : "", this.#placed(source), this.cell ? this.#meaning() : ""];
    for (const { cell, verdict } of this.store.state.agreement ?? []) if (cell && cell === this.cell) parts.push(verdict);
    return parts.filter(Boolean).join(" · ");
  }

  /** A box that the provider did not give is not the provider's word. */
  #placed(source) {
    if (source?.placed === "pinned") return gettext("Place shown by a reader");
    if (source?.placed === "several") return interpolate(gettext("May stand at %s places: choose the right one"), [source.candidates.length]);
    return source?.placed === "located" ? gettext("Place found by the desk") : "";
  }

  /** What a term of the trade under the cursor means. */
  #meaning() {
    const row = this.store.rowAt(this.cell);
    const words = [this.store.value(this.cell), row?.values.key, row?.values.name];
    return words.map(meaningOf).find(Boolean) ?? "";
  }

  #origin({ origin, by, text, score }) {
    if (origin === "typed") return interpolate(gettext("Typed by %s"), [by]);
    if (origin === "derived") return gettext("Not printed: worked out from the other values");
    const words = text ? gettext("Read by %(by)s as “%(text)s”") : gettext("Read by %(by)s");
    const read = interpolate(words, { by, text }, true);
    return score === null ? read : `${read}, ${Math.round(Number(score) * 100)} %`;
  }

  // --- ways out ---

  #buttons(issue) {
    if (issue?.kind === "refused") return [button(gettext("Take back"), { act: () => this.#giveUp(issue) })];
    return this.store.canEdit ? this.#waysOut(issue) : [];
  }

  #waysOut(issue) {
    if (issue?.kind === "conflict") return this.#conflictButtons(issue);
    if (issue) return [...this.#suggestionButtons(issue.finding), ...this.#acknowledgeButtons(issue.finding), ...relatedLink(issue.finding), ...this.#placeButtons()];
    const noted = this.cell && this.store.findingsAt(this.cell).find(({ acknowledged }) => acknowledged);
    if (noted) return [button(gettext("Open again"), { act: () => this.session.reopen(noted) })];
    return [...this.#alternativeButtons(), ...this.#placeButtons()];
  }

  #giveUp({ cell }) {
    this.session.giveUp(cell);
    this.dispatchEvent(new CustomEvent("back"));
  }

  /** Where the value may stand: numbered as the boxes on the paper. */
  #placeButtons() {
    return this.crop.overlay.candidates(this.cell).map((place, index) => {
      const title = interpolate(gettext("It stands at place %s"), [index + 1]);
      const act = () => this.dispatchEvent(new CustomEvent("chosen", { detail: place }));
      return button(String(index + 1), { title, act });
    });
  }

  #conflictButtons({ cell }) {
    const resolve = (keepMine) => () => { this.session.resolve(cell, keepMine); this.#settled(null, [cell]); };
    return [
      button(gettext("Take theirs"), { primary: true, key: "Alt+↵", act: resolve(false) }),
      button(gettext("Keep mine"), { act: resolve(true) }),
    ];
  }

  #suggestionButtons(finding) {
    return finding.suggestions.map((suggestion, index) => button(this.#suggestionLabel(suggestion), {
      primary: index === 0,
      key: index === 0 ? "Alt+↵" : "",
      title: interpolate(ngettext("Settles %s issue", "Settles %s issues", suggestion.explains), [suggestion.explains]),
      act: () => this.#apply(finding, suggestion),
    }));
  }

  /** Short where the bar already names the line: "Price → 126.90"; else as the server words it. */
  #suggestionLabel({ label, changes }) {
    const isHere = ({ cell, value }) => value !== null && this.store.has(cell) && rowOf(cell) === rowOf(this.cell ?? cell);
    if (!changes.every(isHere)) return label;
    const columns = changes.map(({ cell, value }) => [this.store.column(cell), value]);
    return columns.map(([column, value]) => `${column.label} → ${shown(column, value)}`).join(", ");
  }

  /** A warning is accepted at once, for the reason that the button names; an error when the reason was confirmed. */
  #acknowledgeButtons(finding) {
    if (finding.severity === "error") return [button(gettext("Accept as it is"), { key: "Alt+A", act: () => this.ask() })];
    const words = interpolate(gettext("Accept: %s"), [this.#reason]);
    return [
      button(words, { key: "Alt+A", act: () => this.acknowledge() }),
      button("…", { title: `${gettext("Accept for another reason")} (Alt+Shift+A)`, act: () => this.ask() }),
    ];
  }

  /** The reason that was given last. */
  get #reason() {
    return preference("reason", gettext("Printed so on the paper"));
  }

  /** What else the provider thought it could be. */
  #alternativeButtons() {
    const source = this.cell && this.store.source(this.cell);
    const value = this.cell && this.store.value(this.cell);
    const others = (source?.alternatives ?? []).filter((text) => text !== value).slice(0, MOST_ALTERNATIVES);
    const take = (value) => () => this.session.edit([{ cell: this.cell, value }]);
    return others.map((text) => button(text, { title: gettext("Another way to read it"), act: take(text) }));
  }

  // --- verbs ---

  /** Alt+Enter: the first button. @returns {boolean} whether there was one */
  applyFirst() {
    const first = find(".button.primary", this.actions);
    if (this.asking || !first) return this.asking;
    first.click();
    return true;
  }

  #apply(finding, { changes }) {
    this.session.edit(changes, { why: "suggestion", finding: finding.id });
    this.#settled(finding, changes.map(({ cell }) => cell));
  }

  #settled(finding, cells) {
    this.asking = false;
    this.dispatchEvent(new CustomEvent("settled", { detail: { finding, cells } }));
  }

  /** Alt+A: a warning is accepted for the reason that stands on the button, an error asks for it. */
  acknowledge() {
    const { current } = this.issues;
    if (current?.kind !== "finding" || !this.store.canEdit) return false;
    if (current.severity === "error") return this.ask();
    this.#accept(current.finding, this.#reason);
    return true;
  }

  /** Alt+Shift+A: asks for the reason in the bar; the last one is offered, Enter takes it. */
  ask() {
    const { current } = this.issues;
    if (current?.kind !== "finding" || !this.store.canEdit) return false;
    this.asking = true;
    this.actions.replaceChildren(this.#reasonForm(current.finding));
    find("input", this.actions).select();
    return true;
  }

  #reasonForm(finding) {
    const usual = [
      gettext("Printed so on the paper"), gettext("Confirmed by the hospital"), gettext("Rounding of the hospital"),
      gettext("Does not change the amount paid"),
    ];
    const input = element("input", { type: "text", id: "reason", required: true, maxlength: 200, list: "usual-reasons", value: this.#reason });
    const label = element("label", { class: "visually-hidden", for: "reason" }, gettext("Why it is right as it is"));
    const list = element("datalist", { id: "usual-reasons" }, ...usual.map((each) => element("option", { value: each })));
    const accept = element("button", { class: "button small primary" }, gettext("Accept"), element("kbd", {}, "↵"));
    const cancel = button(gettext("Cancel"), { key: "Esc", act: () => this.#cancel() });
    const form = element("form", { class: "reason-form" }, label, input, list, accept, cancel);
    form.addEventListener("submit", (event) => { event.preventDefault(); this.#accept(finding, input.value.trim()); });
    form.addEventListener("keydown", (event) => event.key === "Escape" && !isComposing(event) && (event.stopPropagation(), this.#cancel()));
    return form;
  }

  #accept(finding, reason) {
    if (!reason) return;
    remember("reason", reason);
    this.session.acknowledge(finding, reason);
    this.#settled(finding, []);
  }

  #cancel() {
    this.asking = false;
    this.refresh();
    this.dispatchEvent(new CustomEvent("back"));
  }
}

/** The claim that a finding speaks of, in a window of its own: nothing here is left behind. */
function relatedLink({ related }) {
  return related ? [element("a", { class: "button small", href: related.url, target: "_blank", rel: "noopener" }, related.label)] : [];
}
