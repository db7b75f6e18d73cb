// Every page: menus that close, the theme without a reload, demo people on the sign-in page, "/" for the search.

/** A menu closes on Escape, on a click elsewhere, and when the focus leaves it. */
function closeMenus(except = null) {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== except) menu.open = false;
}

document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
document.addEventListener("focusin", (event) => closeMenus(event.target.closest("details.menu")));
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
  if (!menu) return;
  event.preventDefault(); // nothing else takes this Escape for its own
  menu.open = false;
  menu.querySelector("summary").focus();
});

/** The theme changes at once; the server is told so that the next page comes in it. */
document.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-theme-form]");
  if (!form || !event.submitter) return;
  event.preventDefault();
  const body = new FormData(form, event.submitter);
  for (const button of form.querySelectorAll("button")) button.toggleAttribute("aria-current", false);
  event.submitter.setAttribute("aria-current", "true");
  document.documentElement.dataset.theme = event.submitter.value;
  closeMenus();
  await fetch(form.action, { method: "POST", body, redirect: "manual" });
});

/** The field of the search in the top bar gives the focus back on Escape. */
document.querySelector("[data-search-key]")?.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.target.value) event.target.blur();
});

/** Signing out takes along what this browser still kept for the person. */
document.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-sign-out]");
  if (!form) return;
  event.preventDefault();
  try {
    const { forgetDrafts } = await import("./drafts.js");
    await forgetDrafts(form.dataset.signOut);
  } finally {
    form.submit(); // whatever becomes of that
  }
});

/** Demo desk only: a click on a person fills the form in. */
for (const button of document.querySelectorAll("[data-sign-in-as]")) {
  button.addEventListener("click", () => {
    const form = document.querySelector("form[action*=login]");
    form.elements.login.value = button.dataset.signInAs;
    form.elements.password.value = "claimdesk-demo";
    form.querySelector("button.primary").focus();
  });
}

/** A list that filters by choice submits itself; without JavaScript its button does. */
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
});

/** Whether the key types `sign`; on a keyboard of another script, whether it is the key that does so in Latin. */
function types(event, sign, shifted) {
  return event.key === sign || (event.key > "~" && event.key.length === 1 && event.code === "Slash" && event.shiftKey === shifted);
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
  if (typing || event.ctrlKey || event.altKey || event.metaKey) return;
  if (types(event, "/", false)) {
    const search = document.querySelector("[data-search-key]");
    if (search) event.preventDefault();
    search?.focus();
  }
  if (types(event, "?", true)) document.getElementById("help-button")?.click();
});
