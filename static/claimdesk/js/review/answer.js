// The provider's answer as it came, and the provider's checks beside ours.

import { element, icon } from "./dom.js";

export class Answer {
  #known = { reading: null, answer: null };

  /** @param {HTMLElement} root @param {() => Promise<object|null>} load the answer comes only when somebody looks */
  constructor(root, load) {
    Object.assign(this, { root, load });
  }

  /** @param {object} state */
  show({ readings, agreement }) {
    this.#draw(readings, agreement);
    if (readings.length && this.#known.reading !== readings[0].id) this.#fetch(readings, agreement);
  }

  async #fetch(readings, agreement) {
    this.#known = (await this.load()) ?? this.#known;
    this.#draw(readings, agreement);
  }

  #draw(readings, agreement) {
    const parts = agreement?.length ? [agreementTable(agreement)] : [];
    for (const reading of readings) parts.push(readingBlock(reading, this.#known));
    this.root.replaceChildren(...(parts.length ? parts : [element("p", { class: "empty" }, gettext("No provider has answered yet."))]));
  }
}

function agreementTable(agreement) {
  const heads = [gettext("Check"), gettext("Provider says"), gettext("We compute"), ""].map((label) => element("th", { scope: "col" }, label));
  const rows = agreement.map(({ label, provider, ours, verdict, stale }) => {
    const note = stale ? `${verdict} · ${gettext("values have been corrected since")}` : verdict;
    return element("tr", {}, element("th", { scope: "row" }, label), flagCell(provider), flagCell(ours), element("td", { class: "muted" }, note));
  });
  return element("table", { class: "table agreement" }, element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...rows));
}

const FLAGS = {
  1: { severity: "ok", label: gettext("passed") },
  0: { severity: "error", label: gettext("failed") },
  "-1": { severity: "info", label: gettext("cannot be checked") },
};

function flagCell(flag) {
  const { severity, label } = FLAGS[flag] ?? { severity: "info", label: gettext("not given") };
  return element("td", {}, element("span", { class: "severity", "data-severity": severity }, icon(severity), label));
}

function readingBlock({ id, vendor, account, at, charged }, known) {
  const when = new Date(at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  const cost = { true: gettext("charged"), false: gettext("not charged") }[charged] ?? gettext("charge not known");
  const head = element("p", { class: "reading-head" }, element("b", {}, account), ` ${account === vendor ? "" : vendor} · ${when} · ${cost}`);
  const body = known.reading === id ? element("pre", { class: "code answer", tabindex: "0" }, JSON.stringify(known.answer, null, 2)) : "";
  return element("section", {}, head, body);
}
