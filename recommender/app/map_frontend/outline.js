"use strict";
// The lasso and the box: drawn over a map, and told as an outline in the map's own coordinates.
// Plotly's own would look at every point at every move of the pointer, and hand out an object for each selected one.

const CLICK = 5; // pixels that a pointer may wander and still have clicked

/** Watch a chart's place; `chart.owner` says which tool is in use and is told what came of it. */
function watchOutline(chart) {
  const { place, owner } = chart;
  let path = null;
  const here = (event) => {
    const box = place.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const isOurs = () => owner.state.tool !== "pan";
  place.addEventListener("pointerdown", (event) => {
    if (!isOurs() || event.button !== 0 || !event.isPrimary) return;
    place.setPointerCapture(event.pointerId);
    path = { points: [here(event)], add: event.shiftKey };
  });
  place.addEventListener("pointermove", (event) => {
    if (!path) return;
    path.points.push(here(event));
    if (!chart.pinched) chart.sketch.setAttribute("points", outlineOf(path.points, owner.state.tool).join(" "));
  });
  place.addEventListener("pointercancel", () => finish(null));
  place.addEventListener("pointerup", (event) => path && finish(event));

  function finish(event) {
    const done = path;
    path = null;
    chart.sketch.setAttribute("points", "");
    if (!event || !done || chart.pinched) return;
    const [[x, y]] = done.points;
    if (done.points.every((point) => Math.hypot(point[0] - x, point[1] - y) < CLICK)) owner.looked(chart.nearest(x, y), true);
    else owner.selected(chart, outlineOf(done.points, owner.state.tool).map((point) => chart.onMap(...point)), done.add);
  }
}

/** The corners of what was drawn: the way itself, or the box between its first and its last point. */
function outlineOf(points, tool) {
  if (tool === "lasso") return points;
  const [[left, top], [right, bottom]] = [points[0], points[points.length - 1]];
  return [[left, top], [right, top], [right, bottom], [left, bottom]];
}
