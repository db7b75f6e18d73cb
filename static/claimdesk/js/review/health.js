// What a health check shows beside each value: the reference range with its source, and earlier values of the same person
// with a small line of their course. Screening information, not a diagnosis.

import { element, svgElement } from "./dom.js";

const WIDTH = 56;
const HEIGHT = 20;
const MARGIN = 3;

/** The columns that only show, for a grid of health values. */
export function healthExtras(state) {
  const { ranges = {}, previous = {}, flags = {} } = state.health ?? {};
  return [
    { name: "flag", label: gettext("Flag"), width: 64, render: (row) => flag(flags[keyOf(row)]) },
    { name: "range", label: gettext("Usual range"), width: 168, render: (row) => range(ranges[keyOf(row)]) },
    { name: "before", label: gettext("Before"), width: 128, render: (row) => course(previous[keyOf(row)] ?? [], row.values.value) },
  ];
}

const keyOf = (row) => row.values.key;

/** @param {string[]} [remarks] */
function flag(remarks) {
  if (!remarks?.length) return element("span");
  const note = gettext("Screening information, not a diagnosis");
  return element("span", { class: "pill", "data-tone": "warning", title: `${remarks.join("\n")}\n${note}` }, gettext("Look"));
}

function range(known) {
  return known ? element("span", { title: known.source }, known.text) : element("span", { class: "muted" }, "–");
}

/** Earlier values as a line, the last of them in words. */
function course(earlier, now) {
  if (!earlier.length) return element("span", { class: "muted" }, "–");
  const words = earlier.map(({ date, value }) => `${date}: ${value}`).join("\n");
  const points = [...earlier.map(({ value }) => value), now].map(Number).filter(Number.isFinite);
  const line = points.length > 1 ? sparkline(points, words) : "";
  return element("span", { class: "course", title: words }, line, earlier.at(-1).value);
}

function sparkline(values, words) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const x = (index) => MARGIN + (index / (values.length - 1)) * (WIDTH - 2 * MARGIN);
  const y = (value) => HEIGHT - MARGIN - ((value - low) / (high - low || 1)) * (HEIGHT - 2 * MARGIN);
  const points = values.map((value, index) => `${x(index)},${y(value)}`).join(" ");
  const end = svgElement("circle", { cx: x(values.length - 1), cy: y(values.at(-1)), r: 2.5 });
  return svgElement("svg", { class: "sparkline", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT, role: "img", "aria-label": words },
    svgElement("polyline", { points }), end);
}
