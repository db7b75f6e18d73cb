// Requests leave one after the other, in the order they were made. A lost connection or an expired session keeps them.

import { newKey, request } from "./server.js";

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
const BROKEN = 500; // the server's own fault with this very request; 502, 503, 504 say that it is not there
const MOST_TRIES = 4;
const AGAIN = new Set([0, 408, 425, 429]);

/**
 * @typedef {object} Letter
 * @property {string} url
 * @property {object} data read when it is sent, so that it may still change while it waits
 * @property {(answer: import("./server.js").Answer) => void} answered
 * @property {string} key the same however often it is sent: an answer that got lost does no harm
 * @property {number} tries how often the server broke over it
 */

/** Fires "status" with {detail: "saved" | "saving" | "offline" | "expired"}, and "letters" when one came or went. */
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

  /** What is not delivered yet: {url, data, key} of each. */
  get letters() {
    return this.#letters.map(({ url, data, key }) => ({ url, data, key }));
  }

  /** The data of the letters that wait behind the one being sent. */
  waiting() {
    return this.#letters.slice(this.#sending ? 1 : 0).map((letter) => letter.data);
  }

  /**
   * @param {(answer: import("./server.js").Answer) => void} [take] called before the next letter leaves
   * @returns {Promise<import("./server.js").Answer>} resolved when the server has answered, however long it takes
   */
  send(url, data, take = () => {}, key = newKey()) {
    return new Promise((resolve) => {
      const answered = (answer) => { resolve(answer); take(answer); };
      this.#letters.push({ url, data, answered, key, tries: 0 });
      this.dispatchEvent(new CustomEvent("letters"));
      this.#next();
    });
  }

  /** Tries again now: the connection is back, or the person has signed in. */
  resume() {
    clearTimeout(this.#timer);
    this.#pause = FIRST_PAUSE_MS;
    if (this.isEmpty) this.#tell("saved");
    this.#next();
  }

  /** @returns {Promise<boolean>} true as soon as everything is with the server, false when that may take long */
  settled() {
    const known = () => (this.isEmpty ? true : ["offline", "expired"].includes(this.status) ? false : null);
    return new Promise((resolve) => {
      const look = () => {
        if (known() === null) return;
        this.removeEventListener("status", look);
        resolve(known());
      };
      this.addEventListener("status", look);
      look();
    });
  }

  async #next() {
    if (this.#sending || this.isEmpty) return;
    this.#sending = true;
    if (this.status === "saved") this.#tell("saving");
    const letter = this.#letters[0];
    const answer = await request(this.addressed(letter.url), "POST", letter.data, letter.key);
    this.#sending = false;
    if (answer.status === 401) this.#tell("expired");
    else if (this.#isLater(letter, answer)) this.#later();
    else this.#delivered(letter, answer);
  }

  /** A request that breaks the server again and again is given up: those behind it must not wait for ever. */
  #isLater(letter, { status }) {
    if (status === BROKEN) letter.tries += 1;
    return AGAIN.has(status) || (status >= BROKEN && letter.tries < MOST_TRIES);
  }

  #delivered(letter, answer) {
    this.#letters.shift();
    this.#pause = FIRST_PAUSE_MS;
    try {
      letter.answered(answer);
    } finally {
      this.dispatchEvent(new CustomEvent("letters"));
      this.#tell(this.isEmpty ? "saved" : "saving");
      this.#next();
    }
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
