// What happens to a block of cells: copy, paste, clear, fill down.

import { say } from "./dom.js";
import { addRows } from "./grid-rows.js";
import { shown, typed } from "./values.js";

const MOST_AT_ONCE = 4000; // changes in one request; the server takes 5000

function cellsOf(grid, { top, bottom, left, right }) {
  const lines = [];
  for (let row = top; row <= bottom; row += 1) {
    const line = [];
    for (let column = left; column <= right; column += 1) line.push({ cell: grid.cellAt(row, column), column: grid.columns[column] });
    lines.push(line);
  }
  return lines;
}

/** The block as a spreadsheet takes it: tabs and line breaks, amounts without thousands separators. */
export function copyRange(grid) {
  const words = ({ cell, column }) => (column.choices ? shown(column, grid.store.value(cell)) : grid.store.value(cell) ?? "");
  return cellsOf(grid, grid.range()).map((line) => line.map((each) => quoted(words(each))).join("\t")).join("\n");
}

const quoted = (text) => (/[\t\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Tab-separated lines as a spreadsheet gives them; a quoted field may hold tabs and line breaks. */
export function parseBlock(text) {
  const lines = [[""]];
  const tokens = text.replace(/\r\n?/g, "\n").replace(/\n$/, "").match(/"(?:[^"]|"")*"|\t|\n|[^\t\n]+/g) ?? [];
  for (const token of tokens) {
    const line = lines.at(-1);
    if (token === "\n") lines.push([""]);
    else if (token === "\t") line.push("");
    else line[line.length - 1] += /^".*"$/s.test(token) ? token.slice(1, -1).replaceAll('""', '"') : token;
  }
  return lines;
}

/** From the active cell to the right and down; lines beyond the last are added. */
export async function paste(grid, text) {
  const block = parseBlock(text);
  const [top, left] = [grid.row, grid.column];
  const missing = top + block.length - grid.rows.length;
  if (missing > 0 && !(await addRows(grid, missing))) return;
  const pairs = block.flatMap((line, down) => line.map((words, right) => [top + down, left + right, words]));
  change(grid, pairs.filter(([, column]) => column < grid.columns.length));
  grid.moveTo(top, left);
  grid.anchor = { row: top + block.length - 1, column: Math.min(left + block[0].length, grid.columns.length) - 1 };
  grid.paintRange();
  say(interpolate(gettext("Pasted %s × %s values. Ctrl+Z takes them back."), [block.length, block[0].length]));
}

/** Writes words into cells as one change; words that do not fit stay in their cell, marked. */
function change(grid, triples) {
  const changes = [];
  for (const [row, at, words] of triples) {
    const [cell, column] = [grid.cellAt(row, at), grid.columns[at]];
    if (!column.editable) continue;
    const result = typed(column, words);
    if (result.problem) grid.session.refuse(cell, words, result.problem);
    else changes.push({ cell, value: result.value });
  }
  for (let start = 0; start < changes.length; start += MOST_AT_ONCE) {
    grid.session.edit(changes.slice(start, start + MOST_AT_ONCE), { why: changes.length > 1 ? "bulk" : "typed" });
  }
}

export function clearRange(grid) {
  if (!grid.store.canEdit) return;
  const cells = cellsOf(grid, grid.range()).flat().filter(({ column }) => column.editable);
  grid.session.edit(cells.map(({ cell }) => ({ cell, value: null })), { why: cells.length > 1 ? "bulk" : "typed" });
  grid.editor.refresh();
}

/** The first line of the block goes into the others; a single line takes from the one above. */
export function fillDown(grid) {
  if (!grid.store.canEdit) return;
  const range = grid.range();
  const top = range.top === range.bottom ? range.top - 1 : range.top;
  if (top < 0) return;
  const [first, ...others] = cellsOf(grid, { ...range, top });
  const filled = ({ cell }, at) => ({ cell, value: grid.store.value(first[at].cell) });
  const changes = others.flatMap((line) => line.map(filled).filter((_, at) => first[at].column.editable));
  grid.session.edit(changes, { why: changes.length > 1 ? "bulk" : "typed" });
  grid.editor.refresh();
}
