// A table with a box in every row gets one in its head that ticks them all, and says how many are ticked.

for (const table of document.querySelectorAll("table[data-ticks]")) {
  const boxes = [...table.querySelectorAll("tbody input[type=checkbox]")];
  const head = table.querySelector("thead th");
  if (boxes.length < 2 || !head) continue;
  const all = document.createElement("input");
  all.type = "checkbox";
  all.setAttribute("aria-label", "全选");
  head.replaceChildren(all);
  const said = document.createElement("small");
  said.setAttribute("role", "status");
  table.closest(".panel")?.querySelector("h2")?.append(" ", said);

  const show = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && !all.checked;
    said.textContent = `已选 ${ticked} 户`;
  };
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    show();
  });
  table.addEventListener("change", (event) => event.target !== all && show());
  show();
}
