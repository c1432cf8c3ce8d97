// The list of what is wrong takes the focus when the page arrives with it; each line leads into its field, also where the box that
// one types in stands in for another control (code_field.js, division_field.js) or in a part that is folded away.

addEventListener("DOMContentLoaded", () => document.querySelector(".errors:not(.doubts)")?.focus());

document.addEventListener("click", (event) => {
  const link = event.target.closest('.errors a[href^="#"]');
  if (!link) return;
  const id = link.hash.slice(1);
  const field = document.getElementById(`${id}_typed`) ?? document.getElementById(id);
  if (!field) return;
  event.preventDefault();
  for (let part = field.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
  field.dispatchEvent(new CustomEvent("reveal", { bubbles: true })); // a page that folds parts away by itself opens them now
  field.scrollIntoView({ block: "center" });
  field.focus();
});
