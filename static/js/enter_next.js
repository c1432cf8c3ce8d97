// <form data-enter="next">: Enter moves on to the next box as Tab does, Shift+Enter back, so that a card is typed without the mouse.
// A button still does what it says, and Enter makes a new line in a text area.

const BOXES = "input:not([type=hidden], [type=file]), select, textarea, button[type=submit], button.stop";

const boxes = (form) =>
  [...form.querySelectorAll(BOXES)].filter((box) => !box.disabled && !box.readOnly && box.tabIndex >= 0 && box.checkVisibility());

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.altKey) return;
  const here = event.target;
  const form = here.closest?.('form[data-enter="next"]');
  if (!form || here.matches("textarea, button, a, summary")) return;
  event.preventDefault();
  const all = boxes(form);
  const next = all[all.indexOf(here) + (event.shiftKey ? -1 : 1)];
  next?.focus();
  if (next?.matches("input")) next.select?.();
});
