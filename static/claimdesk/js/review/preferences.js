// What this reader likes, kept in this browser: no claim data, only widths, zoom and columns.

const KEY = "claimdesk.review";

function stored() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {}; // storage is switched off or holds something else
  }
}

/** @template T @param {string} name @param {T} otherwise @returns {T} */
export function preference(name, otherwise) {
  return stored()[name] ?? otherwise;
}

export function remember(name, value) {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...stored(), [name]: value }));
  } catch {
    // nothing to do: the choice holds until the page closes
  }
}
