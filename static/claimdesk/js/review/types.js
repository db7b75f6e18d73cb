/**
 * The words of the review screen. A *cell* is the address of one value: `invoice/note_no`, `line_items/12/price`
 * (12 is the id of the row). Numbers are strings, dates are "YYYY-MM-DD", an absent value is null.
 *
 * @typedef {string} Cell
 * @typedef {"text"|"money"|"number"|"ratio"|"date"|"choice"|"flag"|"measure"} ValueType measure: a number or a word
 * @typedef {"error"|"warning"|"info"} Severity
 * @typedef {{value: string, label: string}} Choice
 *
 * @typedef {object} Source Where a value came from.
 * @property {"read"|"derived"|"typed"} origin
 * @property {string} text as the provider read it
 * @property {number|null} score
 * @property {number[]|null} rect left, top, right, bottom in pixels of the unrotated page picture
 * @property {number} page
 * @property {"pinned"|"located"|"several"|"nowhere"|null} placed who found the box, unless the provider gave it: a reader, our
 *   engine; or that our engine found several, or none
 * @property {number[][]} candidates where it may stand: page, left, top, right, bottom
 * @property {string[]} alternatives
 * @property {string} by
 * @property {number} revision
 *
 * @typedef {object} Column
 * @property {string} name
 * @property {string} label
 * @property {string} title longer explanation, a tooltip
 * @property {ValueType} type
 * @property {boolean} default shown until the reader chooses
 * @property {boolean} editable
 * @property {Choice[]|null} choices
 *
 * @typedef {{id: number, n: number, values: Object<string, string|null>, sources: Object<string, Source|null>, extra?: object}} Row
 * @typedef {{columns: Column[], rows: Row[]}} List
 *
 * @typedef {object} Field A value of the head of the document.
 * @property {string} name
 * @property {Cell} cell
 * @property {string} label
 * @property {string} title
 * @property {ValueType} type
 * @property {Choice[]|null} choices
 * @property {boolean} editable
 * @property {string|null} value
 * @property {Source|null} source
 * @property {boolean} masked
 *
 * @typedef {{cell: Cell, value: string|null}} Change
 * @typedef {{label: string, changes: Change[], explains: number}} Suggestion
 *
 * @typedef {object} Finding
 * @property {number} id
 * @property {string} code
 * @property {Severity} severity
 * @property {Cell[]} cells
 * @property {string} message
 * @property {string} explanation_url
 * @property {{label: string, url: string}} [related] another claim that it speaks of
 * @property {Suggestion[]} suggestions
 * @property {{by: string, at: string, reason: string}|null} acknowledged
 *
 * @typedef {object} Conflict The same value, changed by another person meanwhile.
 * @property {Cell} cell
 * @property {string|null} mine
 * @property {string|null} theirs
 * @property {string} by
 * @property {string} at
 * @property {number} revision
 *
 * @typedef {{index: number, width: number, height: number, picture: string, thumbnail: string, rotation: number}} Page
 *
 * @typedef {object} Issue Something to settle: an open finding, a conflict, or a value the server refused.
 * @property {"finding"|"conflict"|"refused"} kind
 * @property {Severity|"conflict"} severity
 * @property {Cell|null} cell where the cursor goes
 * @property {Finding} [finding]
 */

export {};
