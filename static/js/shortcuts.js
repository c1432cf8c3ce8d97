// Shortcuts are declared where they act: <button aria-keyshortcuts="Control+S" data-shortcut="保存">. Pressing the keys clicks the
// element, or focuses it when it is a box to type in. `?` lists what the page has; rows of a page's own <dl class="more-keys"> come along.

const NAMES = { Control: "Ctrl", ArrowDown: "↓", ArrowUp: "↑", Escape: "Esc" };

const pressed = (event) => {
  const key = event.key.length === 1 && event.key !== " " ? event.key.toUpperCase() : event.key;
  const held = [event.ctrlKey && "Control", event.altKey && "Alt", event.metaKey && "Meta"];
  if (event.shiftKey && key.length > 1) held.push("Shift");
  // Alt with a letter writes another character on some keyboards; the code of the key stays.
  const letter = event.altKey && /^Key[A-Z]$/.test(event.code) ? event.code.slice(3) : key;
  return [...held.filter(Boolean), letter].join("+");
};

const typing = (element) => element?.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

const declared = () => [...document.querySelectorAll("[aria-keyshortcuts]")].filter((element) => element.checkVisibility());

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.repeat) return;
  const keys = pressed(event);
  const plain = !/Control|Alt|Meta/.test(keys) && !/^F\d/.test(keys);
  if (plain && typing(event.target)) return;
  const dialog = document.querySelector("dialog[open]");
  const hit = declared().find(
    (element) =>
      (!dialog || dialog.contains(element)) &&
      element.getAttribute("aria-keyshortcuts").split(" ").some((one) => one.toUpperCase() === keys.toUpperCase()),
  );
  if (!hit) return;
  event.preventDefault();
  if (hit.matches("input, textarea, select")) {
    hit.focus();
    hit.select?.();
  } else if (hit.getAttribute("aria-disabled") !== "true") {
    hit.click();
  }
});

const row = (keys, name) => {
  const term = document.createElement("dt");
  keys.split(" ").forEach((one, index) => {
    if (index) term.append(" 或 ");
    one.split("+").forEach((key, at) => {
      if (at) term.append(" ");
      term.append(Object.assign(document.createElement("kbd"), { textContent: NAMES[key] ?? key }));
    });
  });
  return [term, Object.assign(document.createElement("dd"), { textContent: name })];
};

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (!opener) return;
  const dialog = document.getElementById(opener.dataset.dialog);
  if (dialog.id === "help") {
    const seen = new Set();
    const rows = declared().flatMap((element) => {
      const keys = element.getAttribute("aria-keyshortcuts");
      if (seen.has(keys)) return [];
      seen.add(keys);
      return row(keys, element.dataset.shortcut ?? element.textContent.trim());
    });
    const more = [...document.querySelectorAll(".more-keys > *")].map((element) => element.cloneNode(true));
    dialog.querySelector(".keys").replaceChildren(...rows, ...more);
  }
  dialog.showModal();
});
