// Changes that could not be sent yet outlive a crash of the browser: kept in IndexedDB, sealed with a key that only their
// person gets from the server (docs/decisions/0020-unsent-changes-are-kept-sealed.md). Signing out takes them away.

const NAME = "claimdesk.drafts";
const STORE = "drafts";
const KEPT_MS = 3 * 24 * 60 * 60 * 1000;
const IV_BYTES = 12;

function opened() {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  return result(opening);
}

const result = (asked) => new Promise((resolve, reject) => {
  asked.onsuccess = () => resolve(asked.result);
  asked.onerror = () => reject(asked.error);
});

/** Does one thing to the store. @returns {Promise<void>} when it is written: a page that leaves before takes it back */
function changed(database, act) {
  const transaction = database.transaction(STORE, "readwrite");
  act(transaction.objectStore(STORE));
  transaction.commit();
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}

/** Everything under one person's name. */
const ofPerson = (person) => IDBKeyRange.bound(`${person}/`, `${person}0`); // "0" follows "/"

/** What one person could not send of one document. */
export class Drafts {
  #last = Promise.resolve(); // writes follow one another

  /**
   * @param {{person: number, key: string, document: number}} options key: 256 bits in Base64
   * @returns {Promise<Drafts|null>} null where nothing can be sealed or kept: plain HTTP, storage switched off
   */
  static async open({ person, key, document }) {
    if (!globalThis.crypto?.subtle || !globalThis.indexedDB) return null;
    try {
      const bytes = Uint8Array.from(atob(key), (each) => each.charCodeAt(0));
      const sealing = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
      const drafts = new Drafts(await opened(), sealing, `${person}/${document}`);
      await drafts.#forgetOld();
      return drafts;
    } catch {
      return null;
    }
  }

  constructor(database, key, address) {
    Object.assign(this, { database, key, address });
  }

  get #store() {
    return this.database.transaction(STORE).objectStore(STORE);
  }

  /** In place of what was kept before; nothing at all for no letters. @param {object[]} letters @returns {Promise<void>} */
  keep(letters) {
    const text = JSON.stringify(letters);
    this.#last = this.#last.then(() => this.#write(letters.length ? text : null)).catch(() => {});
    return this.#last;
  }

  async #write(text) {
    if (text === null) return changed(this.database, (store) => store.delete(this.address));
    const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, this.key, new TextEncoder().encode(text));
    return changed(this.database, (store) => store.put({ at: Date.now(), iv, sealed }, this.address));
  }

  /** @returns {Promise<{at: number, letters: object[]}|null>} null also for what another key has sealed */
  async kept() {
    try {
      const { at, iv, sealed } = await result(this.#store.get(this.address));
      const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, this.key, sealed);
      return { at, letters: JSON.parse(new TextDecoder().decode(text)) };
    } catch {
      return null;
    }
  }

  /** Whoever's it is: what nobody has come back for goes away. */
  async #forgetOld() {
    const store = this.#store;
    const [keys, values] = await Promise.all([result(store.getAllKeys()), result(store.getAll())]);
    const old = keys.filter((_, index) => Date.now() - values[index].at > KEPT_MS);
    if (old.length) await changed(this.database, (store) => old.forEach((key) => store.delete(key)));
  }
}

/** At sign-out. @param {string|number} person */
export async function forgetDrafts(person) {
  try {
    await changed(await opened(), (store) => store.delete(ofPerson(person)));
  } catch {
    // storage is switched off: nothing was kept
  }
}
