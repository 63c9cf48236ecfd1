"use strict";
// The colours of the page around the map.

/** The colours of the app's theme, and those that follow from it. */
function coloursOf(theme) {
  const dark = theme.base === "dark";
  return {
    dark,
    accent: theme.primaryColor,
    background: theme.backgroundColor,
    panel: theme.secondaryBackgroundColor,
    text: theme.textColor,
    font: theme.font,
    context: dark ? "#4a524d" : "#c9c4b8",
  };
}

/** Make the colours known to the style sheet, and to the browser, which draws the scrollbars. */
function dress(colours) {
  // Not on the whole document: in a frame whose scheme is another than its page's, nothing of the page shines through.
  document.body.style.colorScheme = colours.dark ? "dark" : "light";
  for (const [name, colour] of Object.entries(colours)) document.documentElement.style.setProperty(`--${name}`, colour);
}
