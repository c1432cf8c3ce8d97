// The groups of the navigation stay as they were folded; the one that one works in is always open.

const KEY = "fupin:nav";
const kept = new Set(JSON.parse(localStorage.getItem(KEY) || "[]"));

for (const group of document.querySelectorAll("details[data-nav]")) {
  if (kept.has(group.dataset.nav)) group.open = true;
  group.querySelector("summary").addEventListener("click", () => {
    if (group.open) kept.delete(group.dataset.nav);
    else kept.add(group.dataset.nav);
    localStorage.setItem(KEY, JSON.stringify([...kept]));
  });
}
