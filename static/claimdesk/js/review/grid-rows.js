// Whole lines: add, duplicate, split, move, delete. The server does it and answers with the list as it stands then.

import { say } from "./dom.js";

async function act(grid, action, row, n = null, count = 1) {
  if (!grid.store.canEdit) return null;
  grid.editor.commit();
  const before = new Set(grid.rows.map(({ id }) => id));
  if (!(await grid.session.changeRow(grid.list, action, row?.id ?? null, n, count))) return null;
  return grid.rows.filter(({ id }) => !before.has(id));
}

async function makeRow(grid, action, message) {
  const [fresh] = (await act(grid, action, action === "add" ? null : grid.rows[grid.row], grid.row + 1)) ?? [];
  if (!fresh) return;
  grid.moveTo(grid.rows.indexOf(fresh), action === "add" ? 0 : grid.column);
  say(message);
}

export const addRow = (grid) => makeRow(grid, "add", gettext("Line added."));
export const duplicateRow = (grid) => makeRow(grid, "duplicate", gettext("Line duplicated."));
export const splitRow = (grid) => makeRow(grid, "split", gettext("Line split: the new one below has no amounts yet."));

/** @returns {Promise<boolean>} whether all were added at the end */
export async function addRows(grid, count) {
  return Boolean(await act(grid, "add", null, grid.rows.length, count));
}

export async function moveRow(grid, by) {
  const row = grid.rows[grid.row];
  const place = grid.row + by;
  if (!row || place < 0 || place >= grid.rows.length) return;
  if (!(await act(grid, "move", row, place))) return;
  grid.moveTo(grid.rows.findIndex(({ id }) => id === row.id), grid.column);
}

export function deleteRows(grid) {
  if (!grid.store.canEdit) return;
  grid.editor.cancel();
  const { top, bottom } = grid.range();
  const doomed = grid.rows.slice(top, bottom + 1).map(({ id }) => ({ cell: `${grid.list}/${id}`, value: null }));
  grid.session.edit(doomed, { why: doomed.length > 1 ? "bulk" : "typed" });
  const { length } = doomed;
  const message = ngettext("%s line deleted. Ctrl+Z brings it back.", "%s lines deleted. Ctrl+Z brings them back.", length);
  say(interpolate(message, [length]));
}
