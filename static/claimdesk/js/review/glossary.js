// Words of the trade explained where they stand: 自付一, 丙类, LDL. The texts come from the server's glossary.

import { find } from "./dom.js";

const TERMS = JSON.parse(find("#terms").textContent);

/** What a printed word means, in the reader's language; "" for a word that the glossary does not know. */
export function meaningOf(word) {
  return TERMS[String(word ?? "").trim()] ?? "";
}

/** A tooltip on every word that the glossary knows, made when the pointer comes. @param {HTMLElement} root */
export function bindTooltips(root) {
  root.addEventListener("pointerover", (event) => {
    const cell = event.target.closest?.("td, th");
    const meaning = cell && !cell.title && meaningOf(cell.firstChild?.data ?? cell.textContent);
    if (meaning) cell.title = meaning;
  });
}
