// One way to the server. What comes back is {status, body}; a lost connection is status 0.

/** @typedef {{status: number, body: any}} Answer */

function csrfToken() {
  return document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";
}

/** @returns {Promise<Answer>} */
export async function request(url, method = "GET", data = undefined) {
  const headers = { Accept: "application/json" };
  if (data !== undefined) {
    headers["Content-Type"] = "application/json";
    headers["X-CSRFToken"] = csrfToken(); // read each time: it changes when someone signs in again
  }
  try {
    const response = await fetch(url, { method, headers, body: data && JSON.stringify(data), redirect: "manual" });
    return { status: response.status, body: await jsonOf(response) };
  } catch {
    return { status: 0, body: null };
  }
}

async function jsonOf(response) {
  const isJson = response.headers.get("Content-Type")?.includes("json");
  return isJson ? response.json() : null;
}
