// What a reviewer does to the document: every verb goes to the server at once and shows before it answers.

import { say } from "./dom.js";
import { Outbox } from "./outbox.js";
import { request } from "./server.js";
import { rowOf } from "./store.js";

const POLL_MS = 5000;

/** Fires "status" ({detail: word}), "undone" ({detail: cell}) and "removed" when the document is gone. */
export class Session extends EventTarget {
  /** @param {import("./store.js").Store} store */
  constructor(store) {
    super();
    this.store = store;
    this.outbox = new Outbox((url) => `${url}?${this.#known}`);
    this.outbox.addEventListener("status", () => this.#tellStatus());
    this.base = `/api/v1/documents/${store.state.document.id}/`;
    setInterval(() => this.poll(), POLL_MS);
    addEventListener("focus", () => this.poll());
    addEventListener("pageshow", ({ persisted }) => { if (persisted) this.poll(); });
  }

  /** What this browser has of the lists: answers bring only what is new. */
  get #known() {
    return `revision=${this.store.state.document.revision}`;
  }

  get status() {
    return this.store.conflicts.size && this.outbox.status === "saved" ? "conflict" : this.outbox.status;
  }

  #tellStatus() {
    this.dispatchEvent(new CustomEvent("status", { detail: this.status }));
  }

  // --- values ---

  /**
   * Changes values: shown now, saved as soon as the server has them; all of them or none.
   * @param {import("./types.js").Change[]} changes
   */
  edit(changes, { why = "typed", finding = null, reason = "" } = {}) {
    const real = changes.filter((change) => this.#changesSomething(change));
    if (!real.length) return;
    const seen = real.map(({ cell, value }) => ({ cell, value, seen: this.store.revision(cell) }));
    for (const { cell, value } of real) if (this.store.has(cell)) this.store.lay(cell, value);
    this.store.changed({ cells: real.map(({ cell }) => cell), remote: false });
    this.#send({ changes: seen, why, finding, reason });
  }

  #send(letter, key = undefined) {
    this.outbox.send(`${this.base}corrections/`, letter, (answer) => this.#corrected(letter, answer), key);
  }

  /** What an earlier page could not send, under the same keys: what arrived all the same is not done twice. */
  resend(letters) {
    for (const { url, data, key } of letters) {
      if (!data.changes) this.outbox.send(url, data, (answer) => this.#take(answer), key);
      else {
        for (const { cell, value } of data.changes) if (this.store.has(cell)) this.store.lay(cell, value);
        this.#send(data, key);
      }
    }
    this.store.changed();
  }

  /** A whole line ("line_items/12" with null) goes away. */
  #changesSomething({ cell, value }) {
    return !this.store.has(cell) || this.store.value(cell) !== value || this.store.refused.has(cell);
  }

  /** Text that cannot become a value stays where it was typed, marked, until it is mended. */
  refuse(cell, text, message) {
    this.store.refused.set(cell, { text, message });
    this.store.changed({ cells: [cell], remote: false });
  }

  /** Drops what was typed and could not be saved: the value stands as the server has it. */
  giveUp(cell) {
    if (this.store.refused.delete(cell)) this.store.changed({ cells: [cell], remote: false });
  }

  #corrected(letter, answer) {
    if (answer.body?.conflicts) this.#keepConflicts(letter, answer.body);
    else this.#settle(letter);
    if (answer.status !== 200 && !answer.body?.conflicts) this.#keepRefused(letter, answer);
    this.#take(answer);
    if (answer.status === 200) this.#noteRevisions(letter);
  }

  #settle(letter) {
    const later = new Set(this.#laterChanges().map(({ cell }) => cell));
    for (const { cell } of letter.changes) if (!later.has(cell)) this.store.lift(cell);
  }

  #laterChanges() {
    return this.outbox.waiting().flatMap((data) => data.changes ?? []);
  }

  /** A later edit of the same value, made before this answer, has seen what this one wrote. */
  #noteRevisions(letter) {
    const written = new Set(letter.changes.map(({ cell }) => cell));
    for (const change of this.#laterChanges()) if (written.has(change.cell)) change.seen = this.store.revision(change.cell);
  }

  #keepConflicts(letter, body) {
    for (const conflict of body.conflicts) this.store.conflicts.set(conflict.cell, { ...conflict, letter });
    say(ngettext("Another person changed the same value.", "Another person changed the same values.", body.conflicts.length));
  }

  /**
   * The server took none of them: the bad values stay marked, the others go again. Where it names no value, what was typed
   * stays marked with what the server said.
   */
  #keepRefused(letter, { body }) {
    const named = (body?.errors ?? []).filter(({ cell }) => this.store.has(cell)).map(({ cell, message }) => [cell, message]);
    const general = body?.detail ?? body?.errors?.[0]?.message ?? gettext("The server did not take this.");
    const typed = letter.why === "suggestion" ? [] : letter.changes.filter(({ cell }) => this.store.has(cell));
    const bad = new Map(named.length ? named : typed.map(({ cell }) => [cell, general]));
    for (const { cell, value } of letter.changes) if (bad.has(cell)) this.store.refused.set(cell, { text: value ?? "", message: bad.get(cell) });
    const rest = letter.changes.filter(({ cell }) => !bad.has(cell));
    if (named.length && rest.length && letter.why !== "suggestion") this.edit(rest, letter);
    if (!named.length && !body?.detail) say(general);
  }

  /** Settles a conflict, and with it those of the same line with the same person. */
  resolve(cell, keepMine) {
    const { by } = this.store.conflicts.get(cell);
    const related = [...this.store.conflicts.values()].filter((each) => each.by === by && this.#belongTogether(each.cell, cell));
    for (const letter of new Set(related.map((each) => each.letter))) this.#resolveLetter(letter, keepMine);
    this.store.changed();
    this.#tellStatus();
  }

  #belongTogether(one, other) {
    return one === other || (rowOf(one) !== null && rowOf(one) === rowOf(other));
  }

  #resolveLetter(letter, keepMine) {
    const disputed = new Set(letter.changes.map(({ cell }) => cell).filter((cell) => this.store.conflicts.has(cell)));
    for (const cell of disputed) this.store.conflicts.delete(cell);
    for (const { cell } of letter.changes) this.store.lift(cell);
    const undisputed = letter.why === "suggestion" ? [] : letter.changes.filter(({ cell }) => !disputed.has(cell));
    if (keepMine) this.#insist(letter);
    else this.edit(undisputed, letter);
  }

  /** Mine stands; a line that the other person removed comes back first. */
  async #insist(letter) {
    const rows = new Set(letter.changes.map(({ cell }) => rowOf(cell)).filter((row) => row && !this.store.rowAt(row)));
    const removals = this.store.state.history.filter(({ cell, undone }) => rows.has(cell) && !undone);
    for (const batch of new Set(removals.map((entry) => entry.batch))) await this.takeBack(batch);
    this.edit(letter.changes, letter);
  }

  // --- rows, undo, findings ---

  /** @param {"add"|"duplicate"|"delete"|"move"|"split"} action @returns {Promise<boolean>} whether it was done */
  async changeRow(list, action, row, n = null, count = 1) {
    const answer = await this.outbox.send(`${this.base}rows/`, { list, action, row, n, count });
    return this.#take(answer);
  }

  async undo() {
    await this.#takeBack("undo/", {});
  }

  async redo() {
    await this.#takeBack("redo/", {});
  }

  /** Takes back one batch of changes of the history. */
  async takeBack(batch) {
    await this.#takeBack("undo/", { batch });
  }

  async #takeBack(path, data) {
    const before = new Map(this.store.state.history.map((entry) => [entry.id, entry.undone]));
    const answer = await this.outbox.send(this.base + path, data);
    if (answer.body?.conflicts) say(gettext("Another person has changed this value since: not taken back."));
    if (!this.#take(answer)) return;
    const touched = this.store.state.history.filter((entry) => before.get(entry.id) !== entry.undone && this.store.has(entry.cell));
    if (touched.length) this.dispatchEvent(new CustomEvent("undone", { detail: touched.at(-1).cell }));
  }

  async acknowledge(finding, reason) {
    return this.#take(await this.outbox.send(`${this.base}findings/${finding.id}/acknowledge/`, { reason }));
  }

  async reopen(finding) {
    return this.#take(await this.outbox.send(`${this.base}findings/${finding.id}/reopen/`, {}));
  }

  // --- the rest of the document ---

  async confirmPartial() {
    return this.#take(await this.outbox.send(`${this.base}confirm-partial/`, {}));
  }

  /** Where a value stands on the paper, as the reader drew it. */
  async pin(cell, page, rect) {
    return this.#take(await this.outbox.send(`${this.base}pin/`, { cell, page, rect }));
  }

  /** The newest provider's answer as it came: {reading, answer}; null when it cannot be had now. */
  async answer() {
    const { status, body } = await request(`${this.base}answer/`);
    return status === 200 ? body : null;
  }

  /** Has places looked for; they come with a later state. Without an engine on the other side nothing changes. */
  locate() {
    request(`${this.base}locate/`, "POST", {});
  }

  async readAgain(account = null) {
    return this.outbox.send(`${this.base}read-again/`, { account });
  }

  saveRotation(index, rotation) {
    if (this.store.canEdit) this.outbox.send(`${this.base}pages/${index}/rotation/`, { rotation });
  }

  /** The value behind a mask; the server writes into the log who looked. */
  async reveal(cell) {
    const answer = await this.outbox.send(`${this.base}reveal/`, { cell });
    if (answer.status !== 200) say(answer.body?.detail ?? gettext("Your role may not see this value."));
    return answer.status === 200 ? answer.body.value : null;
  }

  #take({ status, body }) {
    if (body?.document) this.store.merge(body);
    else this.store.changed();
    if (status >= 400 && !body?.conflicts && !body?.errors) say(body?.detail ?? gettext("The server did not take this."));
    if (status === 404) this.dispatchEvent(new CustomEvent("removed"));
    if (status === 409 && !body?.conflicts) this.poll(); // it stands otherwise than this page shows
    return status === 200;
  }

  /** What others did meanwhile; also tells them that this person is here. */
  async poll() {
    if (document.hidden || !this.outbox.isEmpty) return;
    const { status, body } = await request(`${this.base}state/?since=${this.store.state.tag}&${this.#known}`);
    if (status === 401) this.dispatchEvent(new CustomEvent("status", { detail: "expired" }));
    if (status === 404) this.dispatchEvent(new CustomEvent("removed"));
    if (status === 200 && this.outbox.isEmpty) this.store.merge(body, { remote: true });
  }
}
