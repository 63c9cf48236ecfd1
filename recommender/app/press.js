// A field that is left for a button is left when the button is let go, and not before: what was typed counts once it is
// left, and may put another button, or none, under the pointer that is still down.
// In a block: a page that is drawn anew runs this again, and no name may be declared twice.
{
  const typing = () => document.activeElement?.closest('[data-testid="stTextInput"]');
  document.onmousedown = (event) => {
    if (typing() && event.target.closest("button")) event.preventDefault();
  };
  document.onmouseup = (event) => {
    if (typing()) event.target.closest("button")?.focus({ focusVisible: false });
  };
}
