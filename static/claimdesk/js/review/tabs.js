// The tabs over the grid; arrows move between them, as everywhere.

import { findAll, setAttribute } from "./dom.js";

/** Fires "change" ({detail: name}) when another panel shows. */
export class Tabs extends EventTarget {
  constructor(root) {
    super();
    this.tabs = findAll("[role=tab]", root);
    this.tabs.forEach((tab) => tab.addEventListener("click", () => this.show(tab.dataset.tab)));
    root.addEventListener("keydown", (event) => this.#key(event));
  }

  get current() {
    return this.tabs.find((tab) => tab.getAttribute("aria-selected") === "true")?.dataset.tab;
  }

  show(name) {
    if (this.current === name) return;
    for (const tab of this.tabs) {
      const chosen = tab.dataset.tab === name;
      setAttribute(tab, "aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      document.getElementById(tab.getAttribute("aria-controls")).hidden = !chosen;
    }
    this.dispatchEvent(new CustomEvent("change", { detail: name }));
  }

  #key(event) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const open = this.tabs.filter((tab) => !tab.hidden);
    const at = open.findIndex((tab) => tab.dataset.tab === this.current);
    const next = open[(at + by + open.length) % open.length];
    this.show(next.dataset.tab);
    next.focus();
  }
}
