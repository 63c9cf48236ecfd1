"use strict";
// Streamlit's side: it sends what to draw, and is told what the visitor did.

function tell(type, content) {
  window.parent.postMessage({ isStreamlitMessage: true, type, ...content }, "*");
}

function attempt(action) {
  try {
    action();
  } catch (error) {
    console.info(`The map goes on without it: ${error}`);
  }
}

/** The app's own font is loaded for its page only: take over where its files lie. Without it the browser's font does. */
function borrowFont(name) {
  const family = name.split(",")[0].replaceAll('"', "").trim();
  for (const sheet of window.parent.document.styleSheets) {
    for (const rule of [...sheet.cssRules].filter((one) => one instanceof window.parent.CSSFontFaceRule)) {
      const source = rule.style.getPropertyValue("src").match(/url\("?([^")]+)"?\)/);
      if (rule.style.getPropertyValue("font-family").replaceAll('"', "") !== family || !source) continue;
      const address = new URL(source[1], sheet.href ?? window.parent.document.baseURI);
      const { fontWeight: weight, fontStyle: style } = rule.style;
      document.fonts.add(new FontFace(family, `url("${address}")`, { weight: weight || "normal", style: style || "normal" }));
    }
  }
}

/** For whoever waits for the drawing: tests and measurements. */
function drawn() {
  document.body.dataset.drawn = String(Number(document.body.dataset.drawn ?? 0) + 1);
  performance.mark("drawn");
}

/** Without Plotly, as where the network broke off, there is nothing to draw with. */
function failed(map, error) {
  console.error(error);
  if (map.charts.some((chart) => chart.drawn)) return; // what is there stays
  map.place.replaceChildren(part("p", "failed", "The map could not be loaded. Reload the page to try again."));
  map.measure();
}

/**
 * Streamlit keeps one value, the newest: an event that follows before Python has read the one before would overwrite
 * it. So each value brings the last event of each kind along; their turns tell Python which are new to it.
 */
function teller() {
  let count = 0;
  const started = Date.now();
  const last = new Map(); // in the order of their turns
  return (event) => {
    const told = { ...event, turn: `${started}-${++count}` };
    const kind = event.kind === "clear" ? "select" : event.kind;
    last.delete(kind);
    tell("streamlit:setComponentValue", { dataType: "json", value: { ...told, before: [...last.values()] } });
    last.set(kind, told);
  };
}

function connect() {
  // Streamlit names the frame by a module of ours, and a screen reader would say that.
  if (window.frameElement) window.frameElement.title = document.title;
  const map = new EmbeddingMap(
    document.getElementById("map"),
    teller(),
    (height) => tell("streamlit:setFrameHeight", { height }),
  );
  let turn = Promise.resolve();
  window.addEventListener("message", (event) => {
    if (event.source !== window.parent || event.data.type !== "streamlit:render") return;
    const colours = coloursOf(event.data.theme);
    dress(colours);
    if (!document.fonts.size) attempt(() => borrowFont(colours.font));
    turn = turn.then(() => map.update(event.data.args, colours)).then(drawn, (error) => failed(map, error));
  });
  tell("streamlit:componentReady", { apiVersion: 1 });
}
