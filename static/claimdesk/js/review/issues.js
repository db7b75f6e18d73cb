// The way through the issues, in reading order over all pages, fields and lists.

/** Keeps the issue that the cursor is at. */
export class Issues {
  /** @type {import("./types.js").Issue|null} */
  current = null;

  /** @param {import("./store.js").Store} store */
  constructor(store) {
    this.store = store;
  }

  /** The cursor is at a cell: its worst open issue is the current one. */
  arriveAt(cell) {
    const here = this.at(cell);
    if (!here.some((issue) => sameIssue(issue, this.current))) this.current = here[0] ?? null;
  }

  /** What is open at a cell. */
  at(cell) {
    return this.store.issues().filter((issue) => issue.cell === cell || issue.finding?.cells.includes(cell));
  }

  /**
   * The next issue after the current one or, without one, after the cell.
   * @param {1|-1} direction
   * @param {string|null} cell
   */
  next(direction, cell) {
    const issues = this.store.issues();
    if (!issues.length) return null;
    const here = issues.findIndex((issue) => sameIssue(issue, this.current));
    if (here >= 0) return issues[(here + direction + issues.length) % issues.length];
    const place = cell ? this.store.place(cell) : -1;
    const placeOf = (issue) => (issue.cell ? this.store.place(issue.cell) : -1);
    if (direction > 0) return issues.find((issue) => placeOf(issue) >= place) ?? issues[0];
    return issues.findLast((issue) => placeOf(issue) <= place) ?? issues.at(-1);
  }

  /** Errors, warnings and conflicts to settle. */
  counts() {
    const counts = { error: 0, warning: 0, conflict: 0 };
    for (const { severity } of this.store.issues()) counts[severity] += 1;
    return counts;
  }

  /** The current issue as the server says it now; null when it is settled. */
  refresh() {
    this.current = this.store.issues().find((issue) => sameIssue(issue, this.current)) ?? null;
    return this.current;
  }
}

/** The same finding keeps its id; the same conflict or refused value keeps its cell. */
export function sameIssue(one, other) {
  if (!one || !other || one.kind !== other.kind) return false;
  return one.kind === "finding" ? one.finding.id === other.finding.id : one.cell === other.cell;
}
