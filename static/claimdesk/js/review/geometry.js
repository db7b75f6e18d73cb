// Boxes on a page that may be turned. A box is [left, top, right, bottom] in pixels of the unrotated picture.

/** A point of the turned page (0..1 both ways) in fractions of the unrotated page. */
export function unturned(x, y, rotation) {
  if (rotation === 90) return [y, 1 - x];
  if (rotation === 180) return [1 - x, 1 - y];
  if (rotation === 270) return [1 - y, x];
  return [x, y];
}

/** A box of the unrotated page as {x, y, width, height} on the turned one, in the same unit as the page's size. */
export function turned([left, top, right, bottom], { width, height }, rotation) {
  const [w, h] = [right - left, bottom - top];
  if (rotation === 90) return { x: height - bottom, y: left, width: h, height: w };
  if (rotation === 180) return { x: width - right, y: height - bottom, width: w, height: h };
  if (rotation === 270) return { x: top, y: width - right, width: h, height: w };
  return { x: left, y: top, width: w, height: h };
}

/** How a picture of the given size moves after it has been turned about its corner: {x, y, degrees}. */
export function turning(rotation, width, height) {
  const x = { 90: height, 180: width }[rotation] ?? 0;
  const y = { 180: height, 270: width }[rotation] ?? 0;
  return { x, y, degrees: rotation };
}

export const contains = ([left, top, right, bottom], x, y) => x >= left && x <= right && y >= top && y <= bottom;
export const area = ([left, top, right, bottom]) => (right - left) * (bottom - top);

/** The smallest box around all. */
export function around(boxes) {
  if (!boxes.length) return null;
  const side = (index, pick) => pick(...boxes.map((box) => box[index]));
  return [side(0, Math.min), side(1, Math.min), side(2, Math.max), side(3, Math.max)];
}
