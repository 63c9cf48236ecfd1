"use strict";
// Moving and zooming a map by hand: drag, wheel, two fingers, keys.
// Where the points take long to draw, as without a graphics card, the drawn picture is moved and stretched instead,
// as maps of streets do, and drawn anew once the hand rests. Where they are drawn quickly they are drawn each time.

const FAST = 40; // milliseconds: a drawing that takes less may follow the hand
const RESTS = 90; // milliseconds without a move after which the hand rests
const WHEEL = 0.0018; // per pixel of wheel: a usual notch of 100 zooms by a fifth

const CLOSER = 1.6; // what a button or a key zooms by
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const ARROW = 1 / 8; // of what is seen
const ZOOMS = { "+": CLOSER, "=": CLOSER, "-": 1 / CLOSER }; // with the shift key or without
const KEYS_DO =
  "Arrow keys move, plus and minus zoom, 0 shows it whole, Enter looks at the product nearest to the middle, Escape lets go of what is selected.";

/** Watch a chart's `inner`, which does not move itself; a click is told as the row looked at firmly. */
function watchMoves(chart) {
  const { place, inner, owner } = chart;
  const fingers = new Map(); // pointers that are down: [x, y] in pixels of the chart
  let [start, moving, timer, asked, cost] = [null, false, 0, false, Infinity];
  const here = (event) => {
    const box = inner.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  // Plotly would begin a drag of its own on these; the pointer's own events follow in any case.
  for (const name of ["mousedown", "touchstart"]) inner.addEventListener(name, (event) => event.stopPropagation(), true);

  inner.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !chart.drawn) return;
    fingers.set(event.pointerId, here(event));
    if (fingers.size > 1) chart.pinched = true; // and so nothing is being drawn round: see outline.js
    if (owner.state.tool !== "pan" && fingers.size < 2) return;
    inner.setPointerCapture(event.pointerId);
    start = fingers.size === 1 ? here(event) : null;
  });
  inner.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const now = here(event);
    if (fingers.size === 1) {
      if (owner.state.tool !== "pan") return;
      // Until then it may still become a click.
      if (start && Math.hypot(now[0] - start[0], now[1] - start[1]) < CLICK) return;
      start = null;
      stretch(1, now, [now[0] - before[0], now[1] - before[1]]);
    } else if (fingers.size === 2) {
      const [other] = [...fingers].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
      const apart = (one) => Math.max(Math.hypot(one[0] - other[0], one[1] - other[1]), 1);
      const middle = (one) => [(one[0] + other[0]) / 2, (one[1] + other[1]) / 2];
      const [from, to] = [middle(before), middle(now)];
      stretch(apart(now) / apart(before), to, [to[0] - from[0], to[1] - from[1]]);
    }
    fingers.set(event.pointerId, now);
  });
  const lifted = (event) => {
    const was = fingers.delete(event.pointerId);
    if (was && start && event.type === "pointerup") owner.looked(chart.nearest(...here(event)), true);
    start = null;
    if (fingers.size) return;
    chart.pinched = false;
    if (moving) settle();
  };
  inner.addEventListener("pointerup", lifted);
  inner.addEventListener("pointercancel", lifted);
  inner.addEventListener(
    "wheel",
    (event) => {
      if (!chart.drawn) return;
      event.preventDefault();
      // Some mice count lines; two fingers on a touchpad come as a small turn with the control key.
      const turned = event.deltaY * (event.deltaMode === 1 ? 33 : 1) * (event.ctrlKey ? 5 : 1);
      stretch(Math.exp(-WHEEL * Math.min(Math.max(turned, -240), 240)), here(event), [0, 0]);
    },
    { passive: false },
  );
  inner.addEventListener("keydown", (event) => {
    if (!chart.drawn || event.ctrlKey || event.metaKey || event.altKey) return; // those are the browser's
    const { clientWidth: width, clientHeight: height } = place;
    const middle = [width / 2, height / 2];
    const [right, down] = ARROWS[event.key] ?? [0, 0];
    if (right || down) stretch(1, middle, [-right * ARROW * width, -down * ARROW * height]);
    else if (ZOOMS[event.key]) stretch(ZOOMS[event.key], middle, [0, 0]);
    else if (event.key === "Enter" && !event.repeat) owner.looked(chart.nearest(...middle, Math.hypot(width, height)), true);
    else if (event.key === "0" || event.key === "Escape") {
      owner.looked(-1, false);
      if (event.key === "0") chart.reset();
      else owner.released();
    } else return;
    event.preventDefault();
  });
  inner.addEventListener("blur", () => owner.looked(-1, false)); // no pointer leaves where a key has looked

  /** Zoom what is seen by a factor around a pixel, after moving it there by so much. */
  function stretch(wanted, [x, y], [right, down]) {
    const { shift } = chart;
    const factor = chart.allowed(wanted);
    if (!moving) owner.looked(-1, false);
    moving = true;
    inner.classList.add("moving");
    shift.scale *= factor;
    shift.x = x + (shift.x + right - x) * factor;
    shift.y = y + (shift.y + down - y) * factor;
    clearTimeout(timer);
    timer = setTimeout(settle, RESTS);
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      if (!moving) return;
      if (cost < FAST) return draw(false);
      const { shift } = chart;
      place.style.transform = `translate(${shift.x}px, ${shift.y}px) scale(${shift.scale})`;
      owner.moved(chart);
    });
  }

  /** The hand rests: draw what is seen, with the names that have room there. */
  function settle() {
    clearTimeout(timer);
    moving = false;
    inner.classList.remove("moving");
    draw(true);
  }

  function draw(named) {
    const began = performance.now();
    const view = chart.seen();
    // In one task, so that no frame shows the new drawing moved, or the old one in its place.
    chart.show(...view, named);
    // The second frame after it comes when the first one is on the screen.
    requestAnimationFrame(() => requestAnimationFrame((now) => (cost = now - began)));
  }
}
