"use strict";
// One map: what Plotly is told to draw, and what the pointer does on it.

const CONFIG = {
  displayModeBar: false,
  scrollZoom: false, // see moves.js
  doubleClick: false,
  showTips: false,
  responsive: false,
  plotGlPixelRatio: window.devicePixelRatio || 1, // Plotly would draw four times as many pixels as there are
};

const REACH = 14; // pixels from a point at which it is pointed at
const FARTHEST = 0.4; // how large the map is at least, where 1 shows it whole
const NEAREST = 1000; // and at most

/** Size of a point in pixels: smaller where there are many. */
function dotSize(count, width) {
  const size = count > 20000 ? 3.6 : count > 5000 ? 4.5 : count > 1500 ? 6 : count > 60 ? 8 : 11;
  return width < 600 ? size * 0.85 : size;
}

/** A rim around letters, so that they are read over any point. */
function halo(colour) {
  return [[1, 0], [-1, 0], [0, 1], [0, -1]].map(([x, y]) => `${x}px ${y}px 2px ${colour}`).join(", ");
}

/** The middle and half the side of the square that holds all points, with a margin. */
function wholeView(points) {
  const box = { left: Infinity, right: -Infinity, low: Infinity, high: -Infinity };
  for (let row = 0; row < points.x.length; row++) {
    box.left = Math.min(box.left, points.x[row]);
    box.right = Math.max(box.right, points.x[row]);
    box.low = Math.min(box.low, points.y[row]);
    box.high = Math.max(box.high, points.y[row]);
  }
  const spread = [box.right - box.left, box.high - box.low].map((side) => (side > 0 ? side : 1) * 0.54);
  return { x: (box.left + box.right) / 2, y: (box.low + box.high) / 2, halfWidth: spread[0], halfHeight: spread[1] };
}

class Chart {
  /**
   * `inner` is what clips the chart, and `sketch` the SVG polygon over it that an outline is drawn with;
   * `owner` gets what happens: `looked(row, firmly)`, `selected(chart, outline, add)`, `released()`, `moved(chart)`.
   */
  constructor(place, inner, sketch, owner) {
    Object.assign(this, { place, inner, sketch, owner, rows: [], drawn: false });
    this.shift = { x: 0, y: 0, scale: 1 }; // from what is drawn to what is seen, in pixels: see moves.js
    watchOutline(this);
    watchMoves(this);
  }

  /** Draw; `state` is what all charts share: see `EmbeddingMap`. */
  async draw(panel, state) {
    const changed = this.points !== panel.points;
    this.panel = panel;
    this.points = panel.points;
    if (changed) this.whole = wholeView(panel.points);
    const range = changed || !this.drawn ? this.ranges(this.whole) : this.present();
    await Plotly.react(this.place, this.traces(state), this.layout(state, range), CONFIG);
    if (!this.drawn) this.listen();
    this.drawn = true;
  }

  traces(state) {
    const size = dotSize(state.count, this.place.clientWidth);
    const { colours } = state;
    const top = state.palette.length;
    const scale = state.palette.flatMap((colour, i) => [[i / top, colour], [(i + 1) / top, colour]]);
    const layer = (rows, marker, hoverinfo) => {
      const all = rows.length === state.count;
      return {
        type: "scattergl",
        mode: "markers",
        x: all ? this.points.x : taken(this.points.x, rows),
        y: all ? this.points.y : taken(this.points.y, rows),
        hoverinfo,
        marker: { size, line: { width: 0 }, ...marker },
      };
    };
    const painted = (rows, opacity) => ({
      color: rows.length === state.count ? state.codes : taken(state.codes, rows),
      colorscale: scale,
      cmin: -0.5,
      cmax: top - 0.5,
      opacity,
    });
    const { context, faint, strong } = state.layers;
    this.rows = [context, faint, strong];
    return [
      layer(context, { color: colours.context, opacity: 0.55, size: size * 0.8 }, "skip"),
      layer(faint, painted(faint, 0.16), "none"),
      layer(strong, painted(strong, 0.82), "none"),
      ...this.trail(state),
    ];
  }

  /**
   * The visitor's photos: lines to the nearest products, the way from photo to photo, and the photos themselves.
   * In WebGL as the products are: what Plotly draws as SVG lies below them.
   */
  trail(state) {
    const { trail, near } = this.panel;
    if (!trail.length) return [];
    const { accent, background, text } = state.colours;
    const last = trail[trail.length - 1];
    const rays = near.flatMap((row) => [[last.x, last.y], [this.points.x[row], this.points.y[row]], [null, null]]);
    const layer = (places, style) => ({
      type: "scattergl",
      hoverinfo: "skip",
      x: places.map((place) => place[0]),
      y: places.map((place) => place[1]),
      ...style,
    });
    const steps = trail.map((step) => [step.x, step.y]);
    const disc = (size, color) => ({ mode: "markers", marker: { size, color, line: { width: 0 } } });
    return [
      layer(rays, { mode: "lines", line: { color: text, width: 1.5, dash: "dot" } }),
      layer(steps, { mode: "lines", line: { color: accent, width: 2.5 } }),
      layer(steps, disc(17, background)),
      layer(steps, disc(13, accent)),
      layer(steps.slice(0, -1), disc(7, background)),
    ];
  }

  layout(state, [x, y]) {
    const annotations = this.annotations(state, [x, y]);
    this.shownNames = keyOf(annotations);
    const axis = { visible: false, autorange: false, fixedrange: false };
    return {
      width: this.place.clientWidth,
      height: this.place.clientHeight,
      margin: { l: 0, r: 0, t: 0, b: 0 },
      paper_bgcolor: state.colours.background,
      plot_bgcolor: state.colours.background,
      showlegend: false,
      hovermode: "closest",
      hoverdistance: REACH,
      dragmode: false,
      clickmode: "event",
      font: { family: state.colours.font, color: state.colours.text },
      xaxis: { ...axis, range: x },
      yaxis: { ...axis, range: y, scaleanchor: "x", scaleratio: 1 },
      annotations,
    };
  }

  /** Axis ranges that show a view whole, whatever the shape of the place. */
  ranges(view) {
    const shape = this.place.clientWidth / Math.max(this.place.clientHeight, 1);
    const half = Math.max(view.halfWidth, view.halfHeight * shape);
    return [[view.x - half, view.x + half], [view.y - half / shape, view.y + half / shape]];
  }

  present() {
    const { xaxis, yaxis } = this.place._fullLayout;
    return [[...xaxis.range], [...yaxis.range]];
  }

  listen() {
    const { place, owner } = this;
    place.on("plotly_hover", (event) => owner.looked(this.rowAt(event), false));
    place.on("plotly_unhover", () => owner.looked(-1, false));
    this.inner.addEventListener("dblclick", () => owner.released());
  }

  rowAt(event) {
    const point = event.points.find((one) => one.curveNumber < this.rows.length);
    return point ? this.rows[point.curveNumber][point.pointNumber] : -1;
  }

  /** The place on the map under a pixel of this chart. */
  onMap(x, y) {
    const { xaxis, yaxis } = this.place._fullLayout;
    const { shift } = this;
    return [xaxis.p2l((x - shift.x) / shift.scale - xaxis._offset), yaxis.p2l((y - shift.y) / shift.scale - yaxis._offset)];
  }

  /** The visible row in view that is nearest to a pixel, if it is as near as the pointer has to be; -1 for none. */
  nearest(x, y, reach = REACH) {
    const [mapX, mapY] = this.onMap(x, y);
    const far = Math.abs(this.onMap(x + reach, y)[0] - mapX);
    const [[left, right], [low, high]] = this.seen();
    let [best, least] = [-1, far * far];
    for (let row = 0; row < this.points.x.length; row++) {
      const [pointX, pointY] = [this.points.x[row], this.points.y[row]];
      const gap = (pointX - mapX) ** 2 + (pointY - mapY) ** 2;
      if (gap >= least || !this.owner.state.visible[row]) continue;
      if (pointX >= left && pointX <= right && pointY >= low && pointY <= high) [best, least] = [row, gap];
    }
    return best;
  }

  /** Where a row, or a place on the map, is on the screen, in pixels of this chart. */
  pixel(x, y) {
    const { xaxis, yaxis } = this.place._fullLayout;
    const { shift } = this;
    return [(xaxis.l2p(x) + xaxis._offset) * shift.scale + shift.x, (yaxis.l2p(y) + yaxis._offset) * shift.scale + shift.y];
  }

  /** Put those names on the map that have room where it is looked at now. */
  rename(state) {
    const annotations = this.annotations(state, this.present());
    if (keyOf(annotations) === this.shownNames) return null;
    this.shownNames = keyOf(annotations);
    return Plotly.relayout(this.place, { annotations });
  }

  /** The visitor's photos, and the names of what is around them, as Plotly's annotations for a view. */
  annotations(state, [[left, right], [low, high]]) {
    const { clientWidth: width, clientHeight: height } = this.place;
    const place = (x, y) => [((x - left) / (right - left)) * width, ((high - y) / (high - low)) * height];
    const whole = this.ranges(this.whole)[0];
    const level = zoomLevel(whole[1] - whole[0], right - left);
    const photos = this.panel.trail.map((step) => ({ text: step.label, x: step.x, y: step.y, level: 0, lift: 18 }));
    // A kind that is switched off, or that nothing looked at is of, has no name: it would stand over points of others.
    const kinds = (state.legend?.entries ?? []).filter((_, code) => state.off.has(code) || !state.counts[code]);
    const gone = new Set(kinds.map((kind) => kind.name));
    const names = state.named ? this.panel.names.filter((name) => !gone.has(name.text)) : [];
    const waiting = [...photos.reverse(), ...names];
    const { text: color, font: family, background } = state.colours;
    return namesWithRoom(waiting, level, place, width, height).map((name) => ({
      x: name.x,
      y: name.y,
      text: `<b>${plainText(name.text)}</b>`,
      xshift: name.shift ?? 0,
      yshift: name.lift ?? 0,
      showarrow: false,
      captureevents: false,
      font: { size: 12.5, color, family, shadow: halo(background) },
    }));
  }

  /** Zoom by a factor around the middle. */
  zoom(wanted) {
    const factor = this.allowed(wanted);
    const around = ([low, high]) => [1, -1].map((side) => (low + high - (side * (high - low)) / factor) / 2);
    return this.show(...this.present().map(around));
  }

  /** A zoom factor, less where there is nothing more to see: the map as a speck, or the gap between two points. */
  allowed(factor) {
    const width = ([left, right]) => right - left;
    const times = width(this.ranges(this.whole)[0]) / width(this.seen()[0]); // as large as when all is seen
    return Math.min(Math.max(factor, FARTHEST / times), NEAREST / times);
  }

  /** Axis ranges of what is seen, which a hand may have moved away from what is drawn. */
  seen() {
    const { clientWidth: width, clientHeight: height } = this.place;
    const [[left, low], [right, high]] = [this.onMap(0, height), this.onMap(width, 0)];
    return [[left, right], [low, high]];
  }

  /** Draw a view, with the names that have room in it, or else with those that are there. */
  show(x, y, named = true) {
    const change = { "xaxis.range": x, "yaxis.range": y };
    const annotations = named ? this.annotations(this.owner.state, [x, y]) : [];
    if (named && keyOf(annotations) !== this.shownNames) {
      this.shownNames = keyOf(annotations);
      change.annotations = annotations;
    }
    this.shift = { x: 0, y: 0, scale: 1 };
    const done = Plotly.relayout(this.place, change);
    this.place.style.transform = "";
    this.owner.moved(this);
    return done;
  }

  reset() {
    return this.show(...this.ranges(this.whole));
  }

  /** Bring a row to the middle, close enough to tell it from its neighbours. */
  focus(row) {
    const view = { x: this.points.x[row], y: this.points.y[row], halfWidth: this.whole.halfWidth / 6, halfHeight: this.whole.halfHeight / 6 };
    return this.show(...this.ranges(view));
  }
}

/** What is written and where: two views that agree in it need no new drawing. */
function keyOf(annotations) {
  return annotations.map((one) => `${one.text} ${one.x} ${one.y} ${one.xshift}`).join("\n");
}
