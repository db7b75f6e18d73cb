// Values as people type them and as the server takes them. No arithmetic here, and no floats: digits stay digits.

/** @typedef {import("./types.js").ValueType} ValueType */

const THAI_ZERO = "๐".codePointAt(0);
const CURRENCY_BEFORE = /^([+-]?)\s*(?:¥|฿|\$|RMB|CNY|THB|人民币)\s*/i;
const CURRENCY_AFTER = /\s*(?:元整?|圆整?|บาท|฿|RMB|CNY|THB)$/i;
const WIDE = /[\uff01-\uff5e]/g; // "！" to "～": the signs of ASCII as wide as a Chinese character
const WIDE_OFFSET = 0xfee0;
/** What Chinese input methods and printed papers write for signs of a number. */
const SIGNS = { "。": ".", "、": ",", "､": ",", "−": "-", "–": "-" };

const withPlainDigits = (text) => text.replace(/[๐-๙]/g, (digit) => String(digit.codePointAt(0) - THAI_ZERO));

/** Full-width and Thai digits become plain ones, Chinese punctuation that of numbers; spaces at the ends go. */
export function plain(text) {
  return withPlainDigits(text.normalize("NFKC")).replace(/[。、､−–]/g, (sign) => SIGNS[sign]).trim();
}

/**
 * What a person typed, in the server's spelling.
 * @param {ValueType} type
 * @param {string} text
 * @returns {{value: string|null} | {problem: string}}
 */
export function normalise(type, text) {
  if (!text.trim()) return { value: null };
  if (type === "money") return fromNumber(text, 2, gettext("“%s” is not an amount. Write it like 1280.50."));
  if (type === "number") return fromNumber(text, 0, gettext("“%s” is not a number."));
  if (type === "ratio") return fromRatio(text);
  if (type === "date") return fromDate(text);
  if (type === "measure") return { value: decimalText(plain(text), 0) ?? narrow(text) };
  return { value: text.normalize("NFC").trim() };
}

/** "１２０／８０" -> "120/80"; the rest as it is: NFKC would take Thai vowels apart. */
function narrow(text) {
  const digits = withPlainDigits(text.normalize("NFC"));
  return digits.replace(WIDE, (sign) => String.fromCodePoint(sign.codePointAt(0) - WIDE_OFFSET)).trim();
}

function fromNumber(text, decimals, problem) {
  const number = decimalText(plain(text).replace(CURRENCY_BEFORE, "$1").replace(CURRENCY_AFTER, ""), decimals);
  return number === null ? { problem: interpolate(problem, [text.trim()]) } : { value: number };
}

/** "1,280.5" and "1 280.5" -> "1280.50", "(5)" -> "-5.00"; null when it is no number or its comma or space separates no thousands. */
export function decimalText(text, decimals) {
  const compact = text.trim().replace(/^\((.+)\)$/, "-$1").replace(/^([+-])\s+/, "$1").replace(/^\+/, "");
  const match = /^(-?)(\d+|\d{1,3}([, '])\d{3}(?:\3\d{3})*)?(?:\.(\d*))?$/.exec(compact);
  if (!match || (match[2] === undefined && !match[4])) return null;
  const whole = (match[2] ?? "0").replace(/\D/g, "").replace(/^0+(?=\d)/, "");
  const fraction = (match[4] ?? "").replace(/0+$/, "").padEnd(decimals, "0");
  const sign = match[1] && /[1-9]/.test(whole + fraction) ? "-" : "";
  return sign + whole + (fraction && `.${fraction}`);
}

function fromRatio(text) {
  const percent = /^(.+)%$/.exec(plain(text));
  const number = decimalText(percent ? percent[1].trim() : plain(text), 0);
  if (number === null) return { problem: interpolate(gettext("“%s” is not a ratio. Write 0.1 for ten percent."), [text.trim()]) };
  return { value: percent ? hundredth(number) : number };
}

/** "10" -> "0.1": moves the point two places, digit by digit. */
function hundredth(number) {
  const [, sign, whole, fraction] = /^(-?)(\d+)\.?(\d*)$/.exec(number);
  const digits = whole.padStart(3, "0");
  return decimalText(`${sign}${digits.slice(0, -2)}.${digits.slice(-2)}${fraction}`, 0);
}

const THAI_LETTER = /[\u0e00-\u0e7f]/;
const DAY_FIRST = /^(\d{1,2})[-/.](\d{1,2})[-/.](2[4-9]\d\d)$/; // only with a Buddhist year: then it is Thai
const DATE_SHAPES = [/^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/, /^(\d{4})(\d{2})(\d{2})$/];
const BUDDHIST_OFFSET = 543;
const FIRST_BUDDHIST_YEAR = 2400;

function fromDate(text) {
  const compact = plain(text).replace(/\s/g, "");
  if (THAI_LETTER.test(compact)) return { value: plain(text) }; // the server knows the names of the months
  const yearFirst = compact.replace(DAY_FIRST, "$3-$2-$1");
  const match = DATE_SHAPES.map((shape) => shape.exec(yearFirst)).find(Boolean);
  const problem = { problem: interpolate(gettext("“%s” is not a date. Write it like 2026-10-06."), [text.trim()]) };
  if (!match) return problem;
  const [year, month, day] = match.slice(1).map(Number);
  const christian = year >= FIRST_BUDDHIST_YEAR ? year - BUDDHIST_OFFSET : year;
  const date = new Date(Date.UTC(christian, month - 1, day));
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? { value: date.toISOString().slice(0, 10) } : problem;
}

/**
 * A value as the screen shows it at rest.
 * @param {{type: ValueType, choices?: import("./types.js").Choice[]|null}} column
 * @param {string|null} value
 */
export function shown(column, value) {
  if (value === null || value === undefined) return "";
  if (column.type === "money") return grouped(decimalText(String(value), 2) ?? value);
  if (column.choices) return column.choices.find((choice) => choice.value === String(value))?.label ?? String(value);
  return String(value);
}

/** "1280.50" -> "1,280.50" */
export function grouped(value) {
  const [whole, fraction] = String(value).split(".");
  const spaced = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? spaced : `${spaced}.${fraction}`;
}

/** What the editor starts from: the server's spelling, or the label of a choice. */
export function editable(column, value) {
  return column.type === "money" ? value ?? "" : shown(column, value);
}

/** What was typed into a column: a choice is found by its label or its value. */
export function typed(column, text) {
  const wanted = text.trim().toLowerCase();
  const choice = column.choices?.find(({ value, label }) => [String(value), label].some((word) => word.toLowerCase() === wanted));
  return choice ? { value: String(choice.value) } : normalise(column.type, text);
}

export const isNumeric = (type) => ["money", "number", "ratio", "measure"].includes(type);
