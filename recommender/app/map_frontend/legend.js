"use strict";
// The legend: what a colour stands for, how many there are, and which are switched on.

/** An element with a class and a text; text is never read as markup. */
function part(tag, name, text) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (text !== undefined) element.textContent = text;
  return element;
}

/**
 * Draw the legend anew. `off` is the set of codes switched off, `counts` how many rows that are looked at each code has,
 * switched off or not: what none of them has is no entry. `changed(off)` is called when a visitor switches.
 */
function drawLegend(place, state, counts, changed) {
  const { legend, palette, off } = state;
  // Where the visitor was in it: a list that jumps back would put another entry under a double-click.
  const scrolled = place.querySelector(".entries")?.scrollTop ?? 0;
  const focused = place.contains(document.activeElement) ? document.activeElement.dataset.code : undefined;
  place.replaceChildren();
  if (!legend) return;
  const head = part("div", "legend-head");
  head.append(part("strong", "", legend.title));
  place.append(head);
  if (legend.scale) {
    place.append(scaleBar(legend, palette));
    return;
  }
  const all = part("button", "link", "Show all");
  all.dataset.code = "all";
  // It keeps its room: a list that moves down would put another entry under a double-click.
  all.style.visibility = off.size ? "visible" : "hidden";
  all.addEventListener("click", () => changed(new Set()));
  if (legend.note) head.append(part("span", "note", legend.note));
  head.append(all);
  const list = part("div", "entries");
  const there = [...legend.entries.keys()].filter((code) => counts[code]);
  for (const code of there) {
    const entry = legend.entries[code];
    const button = part("button", "entry");
    button.dataset.code = code;
    button.title = "Click to hide or show, double-click or Shift+Enter to see it alone";
    button.setAttribute("aria-keyshortcuts", "Shift+Enter");
    button.setAttribute("aria-pressed", String(!off.has(code)));
    const dot = part("span", "dot");
    dot.style.setProperty("--kind", palette[code]);
    button.append(dot, part("span", "name", entry.name), part("span", "count", counts[code].toLocaleString("en")));
    button.addEventListener("click", () => {
      const next = new Set(off);
      if (!next.delete(code)) next.add(code);
      changed(there.every((one) => next.has(one)) ? new Set() : next);
    });
    const showAlone = () => changed(new Set([...legend.entries.keys()].filter((other) => other !== code)));
    button.addEventListener("dblclick", showAlone);
    button.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !event.shiftKey) return;
      event.preventDefault(); // which would be a click
      showAlone();
    });
    list.append(button);
  }
  place.append(list);
  list.scrollTop = scrolled;
  if (focused === undefined) return;
  const gone = focused === "all" && !off.size;
  const again = [...place.querySelectorAll("button")].find((button) => button.dataset.code === focused);
  (gone ? list.firstElementChild : again)?.focus({ preventScroll: true });
}

function scaleBar(legend, palette) {
  const bar = part("div", "scale");
  const strip = part("span", "strip");
  strip.style.background = `linear-gradient(to right, ${palette.slice(0, -1).join(",")})`;
  bar.append(part("span", "", legend.scale.low), strip, part("span", "", legend.scale.high));
  if (legend.note) bar.append(part("span", "note", legend.note));
  return bar;
}
