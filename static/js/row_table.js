// Rows that are added and taken off: <button data-add="trainings"> copies <template id="trainings-row"> into <tbody id="trainings">.

document.addEventListener("click", (event) => {
  const add = event.target.closest("[data-add]");
  if (add) {
    const body = document.getElementById(add.dataset.add);
    const taken = [...body.rows].map((row) => Number(row.dataset.prefix.split("-")[1]));
    const html = document.getElementById(`${add.dataset.add}-row`).innerHTML.replaceAll("__n__", String(Math.max(-1, ...taken) + 1));
    body.insertAdjacentHTML("beforeend", html);
    body.rows[body.rows.length - 1].querySelector("input, select").focus();
  }
  const drop = event.target.closest(".drop-row");
  if (drop) {
    const row = drop.closest("tr");
    const form = row.closest("form");
    row.remove();
    form.dispatchEvent(new Event("change", { bubbles: true }));
  }
});
