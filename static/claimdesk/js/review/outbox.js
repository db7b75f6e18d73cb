// Requests leave one after the other, in the order they were made. A lost connection or an expired session keeps them.

import { newKey, request } from "./server.js";

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

/**
 * @typedef {object} Letter
 * @property {string} url
 * @property {object} data read when it is sent, so that it may still change while it waits
 * @property {(answer: import("./server.js").Answer) => void} answered
 * @property {string} key the same however often it is sent: an answer that got lost does no harm
 */

/** Fires "status" with {detail: "saved" | "saving" | "offline" | "expired"}. */
export class Outbox extends EventTarget {
  /** @type {Letter[]} */
  #letters = [];
  #sending = false;
  #pause = FIRST_PAUSE_MS;
  #timer = 0;
  status = "saved";

  /** @param {(url: string) => string} addressed completes the address of a letter at the moment it leaves */
  constructor(addressed = (url) => url) {
    super();
    this.addressed = addressed;
    addEventListener("online", () => this.resume());
  }

  get isEmpty() {
    return this.#letters.length === 0;
  }

  get size() {
    return this.#letters.length;
  }

  /** The data of the letters that wait behind the one being sent. */
  waiting() {
    return this.#letters.slice(this.#sending ? 1 : 0).map((letter) => letter.data);
  }

  /**
   * @param {(answer: import("./server.js").Answer) => void} [take] called before the next letter leaves
   * @returns {Promise<import("./server.js").Answer>} resolved when the server has answered, however long it takes
   */
  send(url, data, take = () => {}) {
    return new Promise((resolve) => {
      const answered = (answer) => { take(answer); resolve(answer); };
      this.#letters.push({ url, data, answered, key: newKey() });
      this.#next();
    });
  }

  /** Tries again now: the connection is back, or the person has signed in. */
  resume() {
    clearTimeout(this.#timer);
    this.#pause = FIRST_PAUSE_MS;
    this.#next();
  }

  async #next() {
    if (this.#sending || this.isEmpty) return;
    this.#sending = true;
    if (this.status === "saved") this.#tell("saving");
    const letter = this.#letters[0];
    const answer = await request(this.addressed(letter.url), "POST", letter.data, letter.key);
    this.#sending = false;
    if (answer.status === 401) this.#tell("expired");
    else if (answer.status === 0 || answer.status >= 500) this.#later();
    else this.#delivered(letter, answer);
  }

  #delivered(letter, answer) {
    this.#letters.shift();
    this.#pause = FIRST_PAUSE_MS;
    letter.answered(answer);
    this.#tell(this.isEmpty ? "saved" : "saving");
    this.#next();
  }

  #later() {
    this.#tell("offline");
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#next(), this.#pause);
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE_MS);
  }

  #tell(status) {
    this.status = status;
    this.dispatchEvent(new CustomEvent("status", { detail: status }));
  }
}
