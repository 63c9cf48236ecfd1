"use strict";
// Rows, masks and boxes of text: plain functions that touch neither the page nor the chart.

/** Whether a point lies inside a closed outline, counting the edges to its left (even-odd rule). */
function isInside(x, y, xs, ys) {
  let inside = false;
  for (let i = 0, j = xs.length - 1; i < xs.length; j = i++) {
    if (ys[i] > y !== ys[j] > y && x < ((xs[j] - xs[i]) * (y - ys[i])) / (ys[j] - ys[i]) + xs[i]) inside = !inside;
  }
  return inside;
}

/** A byte a row, 1 where a visible point lies inside the outline, a list of corners [x, y]. */
function rowsInside(points, visible, outline) {
  const xs = outline.map((corner) => corner[0]);
  const ys = outline.map((corner) => corner[1]);
  const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const found = new Uint8Array(visible.length);
  for (let row = 0; row < found.length; row++) {
    const x = points.x[row];
    const y = points.y[row];
    if (visible[row] && x >= left && x <= right && y >= low && y <= high) found[row] = isInside(x, y, xs, ys) ? 1 : 0;
  }
  return found;
}

/** The rows where a mask is 1, in order. */
function rowsOf(mask) {
  let count = 0;
  for (const value of mask) count += value;
  const rows = new Int32Array(count);
  for (let row = 0, next = 0; row < mask.length; row++) if (mask[row]) rows[next++] = row;
  return rows;
}

/** A mask as text: a bit a row, the first row in the highest bit of the first byte, in base 64. */
function packed(mask) {
  const bytes = new Uint8Array(Math.ceil(mask.length / 8));
  for (let row = 0; row < mask.length; row++) if (mask[row]) bytes[row >> 3] |= 128 >> (row & 7);
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** Some rows of a typed array, in a new one of the same type. */
function taken(values, rows) {
  const part = new values.constructor(rows.length);
  for (let i = 0; i < rows.length; i++) part[i] = values[rows[i]];
  return part;
}

/** Bytes, two of which are a number; a copy, as the first of them may lie anywhere. */
function shorts(bytes) {
  return new Uint16Array(bytes.slice().buffer);
}

/** Whether two values are equal: bytes one by one, the rest as JSON; a map's worth takes a few milliseconds. */
function isSame(one, other) {
  return Object.keys(one).every((name) => {
    const [a, b] = [one[name], other[name]];
    if (a instanceof Uint8Array && b instanceof Uint8Array) return a.length === b.length && a.every((byte, i) => byte === b[i]);
    return JSON.stringify(a) === JSON.stringify(b);
  });
}

/** Text that Plotly shows as it stands: it would act on tags and entities. */
function plainText(text) {
  return String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

/** How far a view is zoomed in: 0 for the whole map, 1 for half of its width, and so on. */
function zoomLevel(whole, shown) {
  return Math.max(0, Math.log2(whole / Math.max(shown, 1e-9)));
}

/**
 * The names that have room: those of the present zoom, the first ones given before the later ones, none over another.
 * `place` turns map coordinates into pixels; a name is centred there, or `lift` pixels above. Lifted ones, the visitor's
 * own, are moved into the frame by `shift` pixels where they would stand out of it.
 */
function namesWithRoom(names, level, place, width, height) {
  const boxes = [];
  const kept = [];
  for (const name of names) {
    if (name.level > level + 0.01) continue;
    const [centre, middle] = place(name.x, name.y);
    const y = middle - (name.lift ?? 0);
    const half = 3.6 * name.text.length + 8;
    const there = name.lift && centre >= 0 && centre <= width;
    const x = there ? Math.max(half, Math.min(centre, width - half)) : centre;
    if (x < half || y < 12 || x > width - half || y > height - 12) continue;
    if (boxes.some((box) => Math.abs(box.x - x) < box.half + half && Math.abs(box.y - y) < 20)) continue;
    boxes.push({ x, y, half });
    kept.push(x === centre ? name : { ...name, shift: Math.round(x - centre) });
  }
  return kept;
}
