// Upload page: a request per file with its progress, then the progress of reading, until there is something to review.

const form = document.getElementById("upload");
const list = document.querySelector("[data-files]");
const template = document.getElementById("file-row");
const dropzone = document.querySelector("[data-drop]");
const POLL_MILLISECONDS = 1500;
/** Documents asked for in one request: what fits into an address. The first sent are the first read. */
const ASKED_AT_ONCE = 100;
const DONE = new Set(["read", "failed", "held"]);
const TONES = { read: "done", failed: "error", held: "warning", queued: "neutral", reading: "action" };

/** Rows whose document is still being read, by document id. @type {Map<number, HTMLElement>} */
const waiting = new Map();
let claimNumber = form.dataset.claim;
let sending = Promise.resolve();
let unsent = 0;

/** @param {HTMLElement} row @param {string} label @param {string} tone */
function setState(row, label, tone) {
  const pill = row.querySelector("[data-state]");
  pill.textContent = label;
  pill.dataset.tone = tone;
}

/** @param {HTMLElement} row @param {string} text */
function setText(row, text) {
  row.querySelector("[data-text]").textContent = text;
}

/** @param {HTMLElement} row @param {string} href @param {string} label */
function addLink(row, href, label) {
  const link = document.createElement("a");
  link.href = href;
  link.textContent = label;
  row.querySelector("[data-links]").append(link, " ");
}

/** @param {File} file */
function addRow(file) {
  const row = template.content.cloneNode(true).querySelector(".file-row");
  row.querySelector("[data-name]").textContent = file.name;
  setState(row, gettext("Waiting"), "neutral");
  list.append(row);
  return row;
}

/**
 * Sends one file.
 * @param {File} file @param {HTMLElement} row
 * @returns {Promise<XMLHttpRequest>}
 */
function send(file, row) {
  const body = new FormData();
  body.append("files", file, file.name);
  body.append("claim", form.elements.separate?.checked ? "" : claimNumber);
  body.append("kind", form.elements.kind.value);
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("X-CSRFToken", form.elements.csrfmiddlewaretoken.value);
  request.setRequestHeader("Accept", "application/json");
  request.responseType = "json";
  const bar = row.querySelector("[data-progress]");
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) bar.value = Math.round((100 * event.loaded) / event.total);
  });
  return new Promise((resolve) => {
    request.addEventListener("loadend", () => resolve(request));
    request.send(body);
  });
}

/** @param {File} file @param {HTMLElement} row */
async function sendAndShow(file, row) {
  if (file.size > Number(form.dataset.maxBytes)) {
    refuse(row, gettext("The file is too large."));
    return;
  }
  setState(row, gettext("Sending"), "action");
  const request = await send(file, row);
  if (request.status === 200 || request.status === 201) {
    showResult(row, request.response);
    return;
  }
  row.querySelector("[data-progress]").remove();
  setState(row, gettext("Not sent"), "error");
  setText(row, request.response?.detail ?? problemOf(request.status));
  addRetry(file, row);
}

/** @param {HTMLElement} row @param {string} reason */
function refuse(row, reason) {
  row.querySelector("[data-progress]").remove();
  setState(row, gettext("Refused"), "error");
  setText(row, reason);
}

/** @param {number} status */
function problemOf(status) {
  if (status === 0) return gettext("No connection. Nothing was lost; try again.");
  if (status === 401 || status === 403) return gettext("You are signed out. Sign in again in another tab, then try again.");
  if (status === 413) return gettext("The file is too large.");
  return gettext("The server could not take the file. Try again.");
}

/** @param {File} file @param {HTMLElement} row */
function addRetry(file, row) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button small";
  button.textContent = gettext("Try again");
  button.addEventListener("click", () => {
    row.remove();
    enqueue([file]);
  });
  row.querySelector("[data-links]").append(button);
}

/** @param {HTMLElement} row @param {{claim: {number: string, url: string}, results: object[]}} answer */
function showResult(row, answer) {
  const [result] = answer.results;
  if (!result.accepted) {
    refuse(row, result.reason);
    return;
  }
  claimNumber = claimNumber || answer.claim.number;
  addLink(row, answer.claim.url, answer.claim.number);
  for (const twin of result.duplicates) addLink(row, twin.url, `${twin.reason}: ${twin.claim}`);
  showDocument(row, result.document);
  if (!DONE.has(result.document.status)) {
    waiting.set(result.document.id, row);
    poll();
  }
}

/** @param {HTMLElement} row @param {object} found */
function showDocument(row, found) {
  setState(row, found.status_label, TONES[found.status] ?? "neutral");
  const bar = row.querySelector("[data-progress]");
  if (DONE.has(found.status)) bar?.remove();
  else bar?.removeAttribute("value");
  if (found.thumbnail && !row.querySelector(".thumb img")) showThumbnail(row, found.thumbnail);
  if (found.failure_reason) setText(row, found.failure_reason);
  if (!DONE.has(found.status) || row.querySelector("[data-review]")) return;
  addLink(row, found.url, found.status === "read" ? gettext("Review") : gettext("See what can be done"));
  const link = row.querySelector("[data-links] a:last-of-type");
  link.dataset.review = "";
  link.className = "button small primary";
}

/** @param {HTMLElement} row @param {string} source */
function showThumbnail(row, source) {
  const picture = document.createElement("img");
  picture.src = source;
  picture.alt = "";
  row.querySelector(".thumb").replaceChildren(picture);
}

let timer = 0;
/** Asks for the state of everything that is still being read; one request for all of it. */
function poll() {
  if (timer || !waiting.size) return;
  timer = window.setTimeout(async () => {
    timer = 0;
    await askOnce().catch(() => undefined); // offline: the next round asks again
    poll();
  }, POLL_MILLISECONDS);
}

async function askOnce() {
  const query = new URLSearchParams([...waiting.keys()].slice(0, ASKED_AT_ONCE).map((id) => ["id", String(id)]));
  const response = await fetch(`${form.dataset.documents}?${query}`, { headers: { Accept: "application/json" } });
  if (!response.ok) return;
  for (const found of (await response.json()).results) {
    const row = waiting.get(found.id);
    if (!row) continue;
    showDocument(row, found);
    if (DONE.has(found.status)) waiting.delete(found.id);
  }
}

/** Files go one after the other: the first opens the claim that the others join. @param {Iterable<File>} files */
function enqueue(files) {
  for (const file of files) {
    const row = addRow(file);
    unsent += 1;
    // Whatever becomes of one, the next is sent.
    const sent = sending.then(() => sendAndShow(file, row)).catch(() => undefined);
    sending = sent.finally(() => (unsent -= 1));
  }
}

/** Whoever closes the page while files are on their way is asked first. */
window.addEventListener("beforeunload", (event) => {
  if (unsent) event.preventDefault();
});
for (const input of form.querySelectorAll("input[type=file]")) {
  input.addEventListener("change", () => {
    enqueue(input.files);
    input.value = "";
  });
}
form.addEventListener("submit", (event) => event.preventDefault());
for (const name of ["dragenter", "dragover"]) {
  document.addEventListener(name, (event) => {
    event.preventDefault();
    dropzone.classList.add("over");
  });
}
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) dropzone.classList.remove("over");
});
document.addEventListener("drop", (event) => {
  event.preventDefault();
  dropzone.classList.remove("over");
  enqueue(event.dataTransfer.files);
});
document.addEventListener("paste", (event) => enqueue(event.clipboardData.files));
