// Making elements. Text always goes in as text; styles only through the CSSOM (the page's policy allows nothing else).

/** @param {string} selector @param {ParentNode} [root] @returns {HTMLElement} */
export const find = (selector, root = document) => root.querySelector(selector);

/** @param {string} selector @param {ParentNode} [root] @returns {HTMLElement[]} */
export const findAll = (selector, root = document) => [...root.querySelectorAll(selector)];

/**
 * @param {string} tag
 * @param {Object<string, string|number|boolean|null>} [attributes] false and null leave the attribute out
 * @param {...(Node|string)} children
 * @returns {HTMLElement}
 */
export function element(tag, attributes = {}, ...children) {
  return dressed(document.createElement(tag), attributes, children);
}

/** As `element`, for the inside of an <svg>. */
export function svgElement(tag, attributes = {}, ...children) {
  return dressed(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function dressed(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null) node.setAttribute(name, String(value));
  }
  node.append(...children);
  return node;
}

/** A copy of an icon that the template carries. */
export function icon(name) {
  const drawn = find("#icons").content.querySelector(`[data-icon="${name}"]`);
  return drawn.firstElementChild.cloneNode(true);
}

/** Changes the text only when it differs: a screen reader and the layout stay quiet. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** @param {Element} node @param {string} name @param {string|null} value */
export function setAttribute(node, name, value) {
  if (value === null) node.removeAttribute(name);
  else if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

/**
 * @param {string} label
 * @param {{key?: string, primary?: boolean, title?: string, act: () => void}} options
 * @returns {HTMLButtonElement}
 */
export function button(label, { key = "", primary = false, title = "", act }) {
  const made = element("button", { type: "button", class: `button small${primary ? " primary" : ""}`, title: title || null }, label);
  if (key) made.append(element("kbd", {}, key));
  made.addEventListener("click", act);
  return made;
}

let toastTimer = 0;

/** A word at the foot of the screen, read out too. */
export function say(message) {
  const toast = find("#toast");
  setText(find("#live"), message);
  setText(toast, message);
  toast.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { toast.hidden = true; }, 4000);
}
