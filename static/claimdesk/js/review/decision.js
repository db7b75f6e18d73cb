// The decision: what is still open, what would be paid and why, and two keystrokes to decide and go on.

import { element, find, findAll, say, setAttribute, setText } from "./dom.js";
import { request } from "./server.js";
import { decimalText, grouped, plain } from "./values.js";

/** The query string of the list that one came from. */
const listQuery = () => new URLSearchParams(location.search).get("list") ?? "";

const PAPERS_MISSING = "papers-missing";
const PAYS = new Set(["approved", "partly"]);
const NEEDS_REASON = new Set(["partly", "rejected", "returned"]);

export class Decision {
  /** @param {import("./store.js").Store} store @param {import("./session.js").Session} session @param {import("./issues.js").Issues} issues */
  constructor(store, session, issues) {
    Object.assign(this, { store, session, issues, isBusy: false });
    this.dialog = find("#decide");
    this.form = find("form", this.dialog);
    for (const opener of findAll("[data-decide]")) opener.addEventListener("click", () => this.open(opener.dataset.decide));
    for (const radio of this.form.elements.outcome ?? []) radio.addEventListener("change", () => this.#showOutcome());
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.#confirm(); });
    find("#pass").addEventListener("click", () => this.#pass());
    for (const verb of findAll("[data-claim-verb]")) verb.addEventListener("click", () => this.#verb(verb.dataset.claimVerb));
    this.refresh();
  }

  get #url() {
    return `/api/v1/claims/${encodeURIComponent(this.store.state.claim.number)}/`;
  }

  // --- the bar ---

  refresh() {
    const { decision, permissions, calculation, claim } = this.store.state;
    if (this.isOpen) this.#showNews(calculation);
    const { error } = this.issues.counts();
    find("#decision-open").hidden = Boolean(decision) || !permissions.decide;
    find("#decision-made").hidden = !decision;
    setText(find("#left-to-do"), error ? interpolate(ngettext("%s error left", "%s errors left", error), [error]) : "");
    setText(find("#approve-amount"), calculation ? grouped(calculation.approved) : "");
    setAttribute(find("#approve"), "aria-describedby", error ? "left-to-do" : null);
    if (decision) this.#showMade(decision, permissions, claim);
  }

  #showMade(decision, permissions, claim) {
    const amount = decision.approved === null ? "" : `${grouped(decision.approved)} ${claim.currency}`;
    setText(find("#decision-words"), [decision.outcome_label, amount, decision.by, decision.reason].filter(Boolean).join(" · "));
    const why = decision.needs_check ? decision.check_why : [];
    find("#check-why").hidden = !why.length;
    find("#check-why").replaceChildren(...why.map((each) => element("li", {}, each)));
    for (const verb of findAll("[data-claim-verb]")) {
      const isCheck = verb.dataset.claimVerb !== "reopen";
      verb.hidden = isCheck ? !(decision.needs_check && permissions.check) : !permissions.reopen;
    }
  }

  /** Ctrl+Enter: decides; on a decision that waits for a second person it goes to "Agree", and again agrees. */
  begin() {
    const agree = find("[data-claim-verb=agree]");
    if (!this.store.state.decision || agree.hidden) return this.open();
    if (document.activeElement === agree) return agree.click();
    agree.focus();
    return say(gettext("Ctrl+Enter again: agree."));
  }

  // --- the dialog ---

  /** A second Ctrl+Enter inside confirms. @param {string} outcome */
  open(outcome = "approved") {
    const { decision, permissions, calculation } = this.store.state;
    if (decision || !permissions.decide) return say(gettext("This claim is decided, or your role may not decide."));
    this.form.reset();
    this.form.elements.outcome.value = outcome;
    this.form.elements.approved.value = calculation?.approved ?? "";
    this.#showOutcome();
    this.dialog.showModal();
    this.#firstInput().focus();
    return undefined;
  }

  get isOpen() {
    return this.dialog.open;
  }

  submit() {
    this.form.requestSubmit();
  }

  #firstInput() {
    if (this.#outcome === "returned") return find("#return-fields input");
    if (this.form.elements.override_reason.required) return this.form.elements.override_reason;
    return NEEDS_REASON.has(this.#outcome) ? this.form.elements.reason_code : find("#confirm");
  }

  get #outcome() {
    return this.form.elements.outcome.value;
  }

  #showOutcome() {
    const outcome = this.#outcome;
    const { calculation } = this.store.state;
    const { approved, reason } = this.form.elements;
    this.#showTrace(calculation);
    find("#approved-field").hidden = !PAYS.has(outcome);
    find("#return-fields").hidden = outcome !== "returned";
    find("#reason-fields").hidden = !NEEDS_REASON.has(outcome);
    this.#showReason(outcome === "returned");
    this.#showOverride();
    approved.readOnly = outcome === "approved";
    if (approved.readOnly) approved.value = calculation?.approved ?? "";
    reason.required = outcome === "rejected" || outcome === "returned";
    this.#complain("");
  }

  /** A return is for papers, unless the person says another reason. */
  #showReason(returns) {
    const { reason_code: code } = this.form.elements;
    if (returns && !code.value) code.value = PAPERS_MISSING;
    else if (!returns && code.value === PAPERS_MISSING) code.value = "";
    const label = find("#reason-label");
    this.usualLabel ??= label.textContent;
    setText(label, returns ? label.dataset.return : this.usualLabel);
  }

  /** An edit that was on its way may change the sum, or bring an error, while the dialog is open. */
  #showNews(calculation) {
    if (this.#outcome === "approved") this.form.elements.approved.value = calculation?.approved ?? "";
    this.#showTrace(calculation);
    this.#showOverride();
  }

  /** What is paid although errors are open is paid for a reason. */
  #showOverride() {
    const isAsked = PAYS.has(this.#outcome) && this.issues.counts().error > 0;
    find("#override-field").hidden = !isAsked;
    this.form.elements.override_reason.required = isAsked;
  }

  #showTrace(calculation) {
    const figure = (amount) => element("td", { class: "number" }, amount === null ? "" : grouped(amount));
    const steps = (calculation?.trace ?? []).map(({ label, amount, sum }) =>
      element("tr", {}, element("td", {}, label), figure(amount), figure(sum)));
    find("#trace tbody").replaceChildren(...steps);
    find("#trace").hidden = !steps.length || !PAYS.has(this.#outcome);
  }

  #complain(message) {
    const box = find("#decide-problem");
    box.hidden = !message;
    setText(find("span", box), message);
  }

  /** Once, however often the key is struck. */
  async #confirm() {
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      await this.#send();
    } finally {
      this.isBusy = false;
    }
  }

  /** What is decided is what the person saw: not while an edit of theirs is on its way. */
  async #send() {
    const { elements } = this.form;
    const before = elements.approved.value;
    if (!(await this.session.outbox.settled())) return this.#complain(gettext("No connection: nothing was decided. Try again."));
    const pays = PAYS.has(this.#outcome);
    if (pays && elements.approved.value !== before) return this.#complain(gettext("The amount has just changed. Look at it, then decide."));
    const approved = pays ? decimalText(plain(elements.approved.value), 2) : null;
    if (pays && approved === null) return this.#complain(gettext("The amount is not a number."));
    return this.#decided(await request(`${this.#url}decision/`, "POST", this.#verdict(approved)));
  }

  #verdict(approved) {
    const { elements } = this.form;
    const returned = this.#outcome === "returned";
    return {
      outcome: this.#outcome,
      approved,
      reason_code: elements.reason_code.value,
      reason: elements.reason.value.trim(),
      version: this.store.state.claim.version,
      override_reason: (returned ? elements.again_reason?.value ?? "" : elements.override_reason.value).trim(),
      list: listQuery(),
      ...(returned ? this.#papers() : {}),
    };
  }

  #papers() {
    const { elements } = this.form;
    return {
      papers: findAll("[name=papers]:checked", this.form).map(({ value }) => value),
      other_papers: elements.other_papers.value.trim(),
      papers_until: elements.papers_until.value || null,
      letter: elements.letter.value,
    };
  }

  #decided({ status, body }) {
    if (status === 200) return this.#goOn(body);
    if (status === 0 || status >= 500) return this.#complain(gettext("No connection: nothing was decided. Try again."));
    if (status === 409) this.session.poll();
    const errors = (body?.errors ?? []).map(({ message }) => message).join(" ");
    return this.#complain(errors || body?.detail || gettext("The server did not take this."));
  }

  #goOn({ decision, next }) {
    this.dialog.close();
    if (next) return location.assign(next);
    this.store.merge({ ...this.store.state, decision });
    return say(gettext("Decided. That was the last one in this list."));
  }

  // --- the second person, opening again, and passing on ---

  async #verb(verb) {
    const reason = verb === "agree" ? "" : await this.#ask(verb);
    if (reason === null) return;
    const { version } = this.store.state.claim;
    const checked = { agree: verb === "agree", reason, version, list: listQuery() };
    const [path, data] = verb === "reopen" ? ["reopen/", { reason, version }] : ["check/", checked];
    const { status, body } = await request(this.#url + path, "POST", data);
    if (status === 200 && verb === "agree" && body.next) location.assign(body.next);
    else if (status === 200) location.reload();
    else say(body?.detail ?? gettext("The server did not take this."));
  }

  async #pass() {
    const reason = await this.#ask("pass");
    if (reason === null) return;
    const { version } = this.store.state.claim;
    const { status, body } = await request(`${this.#url}pass/`, "POST", { reason, version, list: listQuery() });
    if (status === 200) location.assign(body.next ?? this.store.state.queue.list);
    else say(body?.detail ?? gettext("The server did not take this."));
    if (status === 409) this.session.poll();
  }

  /** @returns {Promise<string|null>} the reason, null when the person changed their mind */
  #ask(verb) {
    const dialog = find("#ask-reason");
    const input = find("textarea", dialog);
    setText(find("h2", dialog), this.#question(verb));
    input.value = "";
    dialog.returnValue = "";
    dialog.showModal();
    return new Promise((resolve) => {
      dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes" ? input.value.trim() : null), { once: true });
    });
  }

  #question(verb) {
    if (verb === "pass") return gettext("What should a senior look at?");
    return verb === "reopen" ? gettext("Why is the claim opened again?") : gettext("Why do you disagree?");
  }
}
