"use strict";
// The map in a file of its own: data from the page itself, colours by what the reader's system prefers.

const LIGHT = { base: "light", primaryColor: "#17614a", backgroundColor: "#fbfaf7", secondaryBackgroundColor: "#f1eee7", textColor: "#23211e" };
const DARK = { base: "dark", primaryColor: "#38aa84", backgroundColor: "#141715", secondaryBackgroundColor: "#202522", textColor: "#ece9e2" };

function bytesOf(value) {
  return value?.base64 === undefined ? value : Uint8Array.from(atob(value.base64), (letter) => letter.charCodeAt(0));
}

async function open() {
  const data = JSON.parse(document.getElementById("data").textContent);
  const args = Object.fromEntries(Object.entries(data.args).map(([name, value]) => [name, bytesOf(value)]));
  const prefers = window.matchMedia("(prefers-color-scheme: dark)");
  const colours = () => coloursOf({ ...(prefers.matches ? DARK : LIGHT), font: "system-ui, sans-serif" });
  const map = new EmbeddingMap(document.getElementById("map"), () => {}, () => {});
  map.pictures = data.pictures;
  const show = () => {
    dress(colours());
    return map.update(args, colours());
  };
  prefers.addEventListener("change", show);
  await show();
  list(map, data);
  document.body.dataset.drawn = "1";
}

/** The products whose pictures came along. */
function list(map, data) {
  if (!data.listed.length) return;
  const place = document.getElementById("listed");
  const shown = data.listed.length < data.selected ? `, the first ${data.listed.length} below` : "";
  place.append(part("h2", "", `${data.selected.toLocaleString("en")} selected${shown}`));
  for (const row of data.listed) {
    const figure = part("figure", "");
    figure.append(picture(data.pictures[row], map.titleOf(row)), part("figcaption", "", map.titleOf(row)));
    place.append(figure);
  }
}

open();
