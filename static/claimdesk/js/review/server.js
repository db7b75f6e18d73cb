// One way to the server. What comes back is {status, body}; a lost connection is status 0.

import { find } from "./dom.js";

/** @typedef {{status: number, body: any}} Answer */

function csrfToken() {
  return document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";
}

const person = JSON.parse(find("#person").textContent);
const LONGEST_WAIT_MS = 30_000; // a connection that is half dead answers nothing at all

/** @param {string} [key] names what is asked: the server does it once, however often the request is sent. @returns {Promise<Answer>} */
export async function request(url, method = "GET", data = undefined, key = undefined) {
  const headers = { Accept: "application/json", "X-Page-Of": String(person.id) };
  if (key) headers["Idempotency-Key"] = key;
  if (data !== undefined) {
    headers["Content-Type"] = "application/json";
    headers["X-CSRFToken"] = csrfToken(); // read each time: it changes when someone signs in again
  }
  try {
    const response = await fetch(url, { method, headers, body: data && JSON.stringify(data), redirect: "manual", signal: AbortSignal.timeout(LONGEST_WAIT_MS) });
    return { status: response.status, body: await jsonOf(response) };
  } catch {
    return { status: 0, body: null };
  }
}

/** A random UUID, on plain HTTP too, where `crypto.randomUUID` is missing. */
export function newKey() {
  const digit = (place) => (place ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (place / 4)))).toString(16);
  return "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (place) => digit(Number(place)));
}

async function jsonOf(response) {
  const isJson = response.headers.get("Content-Type")?.includes("json");
  return isJson ? response.json() : null;
}
