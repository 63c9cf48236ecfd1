"use strict";
// The whole view: tools, one or two linked maps, the legend and the tip at the pointer.

const REST = 180; // milliseconds that a pointer rests on a product before its picture is asked for
const TOOLS = [
  ["pan", "Move", "M12 3v18M3 12h18M12 3l-3 3m3-3l3 3M12 21l-3-3m3 3l3-3M3 12l3-3m-3 3l3 3M21 12l-3-3m3 3l-3 3"],
  ["lasso", "Lasso", "M7 17c-6-3-5-12 5-12s11 9 4 11-9-1-9 1 2 4-1 5"],
  ["select", "Box", "M4 5h3m3 0h4m3 0h3v3m0 3v3m0 3v2h-3m-3 0h-4m-3 0H4v-3m0-3v-3m0-3V5"],
];
const ACTIONS = [
  ["closer", "Zoom in", "M12 5v14M5 12h14"],
  ["farther", "Zoom out", "M5 12h14"],
  ["reset", "Whole map", "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5"],
  ["names", "Names on the map", "M4 6h16M12 6v13M9 19h6"],
  ["picture", "Download as PNG", "M12 4v11m-4-4l4 4 4-4M4 20h16"],
];

class EmbeddingMap {
  /** `send(event)` is told what the visitor did; `resized(height)` how tall the view has become. */
  constructor(place, send, resized) {
    Object.assign(this, { place, send, resized, charts: [], lookTimer: 0, pointed: -1, marked: -1 });
    this.state = { tool: "pan", off: new Set(), named: true, selected: null, count: 0, counts: [], colours: {} };
    this.tools = part("div", "tools");
    this.maps = part("div", "maps");
    this.legend = part("div", "legend");
    this.tip = part("div", "tip");
    this.tip.hidden = true;
    this.said = part("div", "said"); // for ears: what was looked at firmly
    this.said.setAttribute("role", "status");
    place.append(this.tools, this.maps, this.legend, this.tip, this.said);
    this.buildTools();
    new ResizeObserver(() => {
      if (this.state.count && place.clientWidth !== this.drawnWidth) this.redraw();
    }).observe(place);
  }

  /** Take over what there is to show; see `payload` on the Python side for the fields. */
  async update(args, colours) {
    const { state } = this;
    const { awaited, ...shown } = args;
    const told = { ...shown, colours };
    // Streamlit repeats itself: whenever the page around the map changes, and after each event.
    if (this.told && isSame(told, this.told)) return;
    this.told = told;
    // Other clusters have the same title.
    const painted = { title: args.legend.title, codes: args.codes };
    if (!state.legend || !isSame(painted, { title: state.legend.title, codes: state.codes })) state.off = new Set();
    const palette = colours.dark ? args.palettes.dark : args.palettes.light;
    Object.assign(state, { colours, palette, count: args.count, codes: args.codes, legend: args.legend });
    state.kept = args.kept.length ? args.kept : null;
    // What was selected here is not sent back; another turn says that the app itself selects.
    if (args.selection_turn !== this.selectionTurn) state.selected = args.selected.length ? args.selected : null;
    this.selectionTurn = args.selection_turn;
    this.text = { bytes: args.titles, facts: args.facts, codes: shorts(args.fact_codes), lines: null };
    this.takePanels(args);
    await this.redraw();
    if (args.focus.turn !== this.focusTurn && args.focus.row >= 0) {
      await this.focus(args.focus.row);
      // Asked for from a card far below, perhaps; a page of its own has no frame.
      const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
      window.frameElement?.scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" });
    }
    this.focusTurn = args.focus.turn;
    if (awaited && !this.answered) this.send({ kind: "drawn" });
    this.answered = true;
  }

  async focus(row) {
    this.marked = row;
    for (const chart of this.charts) await chart.focus(row);
    this.mark();
  }

  takePanels(args) {
    const same = this.pointBytes && this.pointBytes.length === args.points.length && this.pointBytes.every((byte, i) => byte === args.points[i]);
    if (!same) {
      this.pointBytes = args.points;
      const floats = new Float32Array(args.points.slice().buffer); // a copy begins where four bytes do
      const n = args.count;
      this.points = args.panels.map((_, i) => ({ x: floats.subarray(2 * i * n, (2 * i + 1) * n), y: floats.subarray((2 * i + 1) * n, (2 * i + 2) * n) }));
    }
    this.panels = args.panels.map((panel, i) => ({ ...panel, points: this.points[i] }));
    while (this.charts.length > this.panels.length) {
      const gone = this.charts.pop();
      Plotly.purge(gone.place);
      gone.frame.remove();
    }
    while (this.charts.length < this.panels.length) this.addChart();
    this.charts.forEach((chart, i) => {
      const { title } = this.panels[i];
      chart.title.textContent = this.panels.length > 1 ? title : "";
      chart.inner.setAttribute("aria-label", `Map of the products by ${title}. ${KEYS_DO}`);
    });
  }

  addChart() {
    const frame = part("div", "frame");
    const title = part("div", "title");
    const plot = part("div", "plot");
    const ring = part("div", "ring");
    ring.hidden = true;
    const over = drawing("svg", { class: "over" });
    const sketch = drawing("polygon", {});
    over.append(sketch);
    const inner = part("div", "inner");
    inner.tabIndex = 0;
    inner.setAttribute("role", "application"); // a screen reader leaves it the arrow keys
    inner.append(plot, over, ring);
    frame.append(title, inner);
    this.maps.append(frame);
    this.charts.push(Object.assign(new Chart(plot, inner, sketch, this), { frame, title, ring }));
  }

  /** Sort the rows into grey context, faint (not selected) and strong ones, and draw everything. */
  async redraw() {
    const { state } = this;
    this.drawnWidth = this.place.clientWidth;
    const visible = new Uint8Array(state.count);
    const counts = new Array(state.palette.length).fill(0);
    const masks = [visible.slice(), visible.slice(), visible.slice()];
    for (let row = 0; row < state.count; row++) {
      const kept = state.kept === null || state.kept[row] === 1;
      if (kept) counts[state.codes[row]]++;
      visible[row] = kept && !state.off.has(state.codes[row]) ? 1 : 0;
      masks[!visible[row] ? 0 : state.selected === null || state.selected[row] ? 2 : 1][row] = 1;
    }
    Object.assign(state, { visible, counts });
    state.layers = { context: rowsOf(masks[0]), faint: rowsOf(masks[1]), strong: rowsOf(masks[2]) };
    this.layOut();
    drawLegend(this.legend, state, counts, (off) => {
      state.off = off;
      this.redraw();
    });
    for (let i = 0; i < this.charts.length; i++) await this.charts[i].draw(this.panels[i], state);
    this.showTool();
    this.mark();
    this.measure();
  }

  /** Side by side where there is room, one over the other on a phone. */
  layOut() {
    const width = this.place.clientWidth;
    const beside = this.charts.length > 1 && width >= 640;
    this.place.classList.toggle("narrow", width < 640);
    this.maps.style.gridTemplateColumns = beside ? "1fr 1fr" : "1fr";
    const shape = width < 640 ? 1.05 : beside ? 0.55 : 0.62;
    const [least, most] = width < 640 ? [300, 460] : [400, 740];
    const height = Math.min(Math.max(width * shape, least), most);
    for (const chart of this.charts) chart.place.style.height = `${Math.round(height)}px`;
  }

  measure() {
    requestAnimationFrame(() => this.resized(Math.ceil(this.place.getBoundingClientRect().height)));
  }

  // What happens on a chart.

  looked(row, firmly) {
    clearTimeout(this.lookTimer);
    this.pointed = row;
    this.mark();
    this.showTip(row);
    if (row < 0) return;
    const look = (kind) => {
      this.marked = row;
      this.send({ kind, row });
    };
    if (firmly) {
      look("click");
      this.said.textContent = this.titleOf(row);
    } else if (row !== this.marked) this.lookTimer = setTimeout(look, REST, "look");
  }

  selected(chart, outline, add) {
    const found = rowsInside(chart.points, this.state.visible, outline);
    const before = this.state.selected;
    if (add && before) for (let row = 0; row < found.length; row++) found[row] |= before[row];
    if (!found.includes(1)) return;
    this.state.selected = found;
    this.send({ kind: "select", mask: packed(found) });
    setTimeout(() => this.redraw()); // after the word is on its way: the gallery need not wait for the drawing
  }

  released() {
    if (this.state.selected === null) return;
    this.state.selected = null;
    this.send({ kind: "clear" });
    setTimeout(() => this.redraw());
  }

  moved() {
    this.mark();
  }

  /** A ring around the product at the pointer, or else around the one looked at, on every map. */
  mark() {
    const row = this.pointed >= 0 ? this.pointed : this.marked;
    for (const chart of this.charts) {
      const there = row >= 0 && row < this.state.count && chart.drawn;
      const [x, y] = there ? chart.pixel(chart.points.x[row], chart.points.y[row]) : [-1, -1];
      const inside = x >= 0 && y >= 0 && x <= chart.place.clientWidth && y <= chart.place.clientHeight;
      chart.ring.hidden = !inside;
      if (inside) chart.ring.style.transform = `translate(${x}px, ${y}px)`;
    }
  }

  titleOf(row) {
    this.text.lines ??= new TextDecoder().decode(this.text.bytes).split("\n");
    return this.text.lines[row];
  }

  showTip(row) {
    this.tip.hidden = row < 0;
    if (row < 0) return;
    const facts = this.text.facts.map((fact, i) => fact.values[this.text.codes[i * this.state.count + row]]).filter(Boolean);
    this.tip.replaceChildren(part("strong", "", this.titleOf(row)), part("span", "", facts.join(" · ")));
    if (this.pictures?.[row]) this.tip.prepend(picture(this.pictures[row], ""));
    const chart = this.charts[0];
    const used = (state) => this.charts.find((one) => one.inner.matches(state));
    const over = used(":hover") ?? used(":focus") ?? chart;
    const [x, y] = over.pixel(over.points.x[row], over.points.y[row]);
    const [left, top] = [x + over.frame.offsetLeft, y + over.frame.offsetTop + over.inner.offsetTop];
    const room = this.place.clientWidth - this.tip.offsetWidth - 8;
    this.tip.style.left = `${Math.max(8, Math.min(left + 14, room))}px`;
    this.tip.style.top = `${Math.max(4, top - this.tip.offsetHeight - 12)}px`;
  }

  // The tools over the maps.

  buildTools() {
    const button = ([name, title, path], act) => {
      const one = part("button", "tool");
      one.title = title;
      one.setAttribute("aria-label", title);
      one.dataset.name = name;
      one.append(icon(path));
      one.addEventListener("click", act);
      return one;
    };
    const left = part("div", "group");
    for (const tool of TOOLS) {
      const one = button(tool, () => this.pick(tool[0]));
      one.append(part("span", "word", tool[1]));
      left.append(one);
    }
    const right = part("div", "group");
    for (const action of ACTIONS) right.append(button(action, () => this.act(action[0])));
    this.tools.append(left, right);
  }

  pick(tool) {
    this.state.tool = tool;
    this.place.dataset.tool = tool;
    this.showTool();
  }

  showTool() {
    const on = Object.fromEntries(TOOLS.map(([name]) => [name, name === this.state.tool]));
    on.names = this.state.named;
    // The others are no switches: they have nothing to be pressed for longer.
    for (const one of this.tools.querySelectorAll("button")) {
      if (one.dataset.name in on) one.setAttribute("aria-pressed", String(on[one.dataset.name]));
    }
  }

  async act(name) {
    if (name === "names") this.state.named = !this.state.named;
    for (const chart of this.charts) {
      if (name === "closer") await chart.zoom(CLOSER);
      if (name === "farther") await chart.zoom(1 / CLOSER);
      if (name === "reset") await chart.reset();
      if (name === "names") await chart.rename(this.state);
      if (name === "picture") await this.download(chart);
    }
    this.showTool();
  }

  download(chart) {
    const title = (chart.title.textContent || this.panels[0].title).toLowerCase().replace(/[^a-z0-9]+/g, "-");
    const { clientWidth: width, clientHeight: height } = chart.place;
    return Plotly.downloadImage(chart.place, { format: "png", width, height, scale: 2, filename: `map-${title}` });
  }
}

function picture(source, title) {
  const image = document.createElement("img");
  image.src = source;
  image.alt = title;
  return image;
}

function drawing(tag, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

function icon(path) {
  const svg = drawing("svg", { viewBox: "0 0 24 24" });
  svg.append(drawing("path", { d: path }));
  return svg;
}
