// The card without the mouse: Enter moves on, Alt+N adds a member, an ID number says sex, birth and age, and the rail tells at once
// what the figures come to and what the rules find. Nothing here decides anything: the server checks again when the card is saved.

const form = document.getElementById("card-form");
const rail = document.getElementById("rail");
const WAIT = 500;

/* Moving through the form */

const stops = () =>
  [...form.querySelectorAll("input, select, textarea")].filter(
    (element) => element.type !== "hidden" && !element.disabled && element.tabIndex >= 0 && element.checkVisibility(),
  );

const move = (from, step) => {
  const all = stops();
  const next = all[all.indexOf(from) + step];
  if (!next) return document.querySelector(".foot .btn.primary")?.focus();
  next.focus();
  next.select?.();
};

form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.altKey) return;
  if (!event.target.matches("input, select")) return;
  event.preventDefault();
  move(event.target, event.shiftKey ? -1 : 1);
});

/* Members */

const rows = () => [...form.querySelectorAll("tbody.member")];

const number = () => {
  let seat = 0;
  for (const row of rows()) row.querySelector(".seat").textContent = String((seat += 1));
  for (const output of document.querySelectorAll('[data-derived="member_count"]')) output.textContent = String(seat);
};

const open = (row, wanted = true) => {
  row.querySelector("tr.more").hidden = !wanted;
  row.querySelector(".more-toggle").setAttribute("aria-expanded", String(wanted));
};

const taken = () => Math.max(-1, ...rows().map((row) => Number(row.dataset.prefix.split("-")[1])));

document.getElementById("add-member")?.addEventListener("click", () => {
  const html = document.getElementById("member-row").innerHTML.replaceAll("__n__", String(taken() + 1));
  form.querySelector("table.members").insertAdjacentHTML("beforeend", html);
  number();
  rows().at(-1).querySelector('input[name$="-name"]').focus();
});

form.addEventListener("click", (event) => {
  const row = event.target.closest("tbody.member");
  if (!row) return;
  if (event.target.closest(".more-toggle")) {
    open(row, row.querySelector("tr.more").hidden);
    if (!row.querySelector("tr.more").hidden) row.querySelector("tr.more input:not([type=hidden]), tr.more select").focus();
  }
  if (event.target.closest(".drop-member")) drop(row);
});

const drop = (row) => {
  const known = row.querySelector('[name$="-member_no"]')?.value;
  if (known && "keepsMembers" in form.dataset) {
    open(row);
    const reason = row.querySelector('[name$="-change_type"]');
    reason.closest(".cell").scrollIntoView({ block: "center" });
    reason.focus();
    return say("已申请的户卡不能删去成员：请填变动类型和变动日期，其历史保留");
  }
  if (rows().length === 1) return say("户卡至少有一人");
  row.remove();
  number();
  changed();
};

/* Lines of income: an amount that has lines is their sum, and is not typed */

const money = (text) => Number(String(text).replaceAll(",", "").trim() || 0);
const lines = () => [...form.querySelectorAll("tr.line")];

const addUp = () => {
  const sums = new Map();
  for (const row of lines()) {
    const value = (name) => row.querySelector(`[name$="-${name}"]`).value;
    const amount = row.querySelector('[name$="-amount"]');
    if (!amount.value && value("quantity") && value("unit_price")) amount.placeholder = (money(value("quantity")) * money(value("unit_price"))).toFixed(2);
    if (value("kind")) sums.set(value("kind"), (sums.get(value("kind")) ?? 0) + Math.round(money(amount.value || amount.placeholder) * 100));
  }
  for (const box of form.querySelectorAll('.money input[name^="income-"]')) {
    const sum = sums.get(box.name.slice("income-".length));
    if (sum !== undefined) box.value = (sum / 100).toFixed(2);
    box.readOnly = sum !== undefined;
  }
};

document.getElementById("add-line")?.addEventListener("click", () => {
  const next = Math.max(-1, ...lines().map((row) => Number(row.dataset.prefix.split("-")[1]))) + 1;
  const body = document.getElementById("lines");
  body.closest("details").open = true;
  body.insertAdjacentHTML("beforeend", document.getElementById("line-row").innerHTML.replaceAll("__n__", String(next)));
  lines().at(-1).querySelector("select").focus();
});

form.addEventListener("click", (event) => {
  if (!event.target.closest(".drop-line")) return;
  event.target.closest("tr.line").remove();
  addUp();
  changed();
});
form.addEventListener("input", (event) => event.target.closest("tr.line") && addUp());

const say = (text) => document.dispatchEvent(new CustomEvent("toast", { detail: { text, kind: "warn" } }));

/* An ID number tells sex, birth and age (GB 11643) */

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

const read = (text) => {
  const id = text.trim().toUpperCase();
  if (!/^\d{17}[\dX]$/.test(id)) return null;
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(id[at]), 0);
  if ("10X98765432"[sum % 11] !== id[17]) return null;
  return { id, year: Number(id.slice(6, 10)), sex: Number(id[16]) % 2 ? "1" : "2" };
};

const tell = (input) => {
  const row = input.closest("tbody.member");
  const person = read(input.value);
  if (!person) return;
  const sex = row.querySelector('[name$="-sex"]');
  if (sex.value !== person.sex) {
    sex.value = person.sex;
    sex.dispatchEvent(new Event("change", { bubbles: true }));
  }
  row.querySelector(".age").textContent = String(Number(form.dataset.year) - person.year);
  look(input, row);
};

// Whether the number stands on another card is asked of the server, in the body of a POST: numbers don't belong into addresses.
const look = async (input, row) => {
  const body = new FormData();
  body.set("id_no", input.value.trim());
  body.set("year", form.dataset.year);
  body.set("household_no", form.elements.household_no.value);
  const answer = await post(form.dataset.lookup, body).catch(() => null);
  if (!answer?.ok) return;
  row.querySelector("tr.lookup")?.remove();
  const html = (await answer.text()).trim();
  if (html) row.insertAdjacentHTML("beforeend", html);
};

const token = () => form.elements.csrfmiddlewaretoken.value;
const post = (url, body) =>
  fetch(url, { method: "POST", body, headers: { "X-CSRFToken": token(), "X-Requested-With": "fetch" }, redirect: "error" });

/* What the figures come to, and what the rules find */

let timer, running;

const changed = () => {
  clearTimeout(timer);
  timer = setTimeout(check, WAIT);
};

const check = async () => {
  running?.abort();
  running = new AbortController();
  try {
    const answer = await fetch(form.dataset.check, {
      method: "POST",
      body: new FormData(form),
      headers: { "X-CSRFToken": token() },
      redirect: "error",
      signal: running.signal,
    });
    if (!answer.ok) return;
    rail.innerHTML = await answer.text();
    paint();
  } catch {
    // No network: the draft is kept, the check comes with the next change or with saving.
  }
};

const paint = () => {
  for (const value of rail.querySelectorAll("[data-value]"))
    for (const output of form.querySelectorAll(`[data-derived="${value.dataset.value}"]`)) output.textContent = value.textContent;
  for (const entry of form.querySelectorAll(".live")) entry.classList.remove("live", "err", "doubt");
  for (const line of rail.querySelectorAll("[data-at]")) {
    const box = document.getElementById(line.dataset.at);
    // A field nobody has come to yet is not painted red: the list in the rail names it.
    if (!box || (line.dataset.level === "E" && !touched.has(box.name))) continue;
    const entry = box.closest(".cell, .entry");
    entry?.classList.add("live", line.dataset.level === "E" ? "err" : "doubt");
  }
};

const touched = new Set();
form.addEventListener("focusout", (event) => event.target.name && touched.add(event.target.name));
form.addEventListener("change", (event) => {
  if (event.target.name) touched.add(event.target.name);
  if (/^members-\d+-id_no$/.test(event.target.name)) tell(event.target);
  if (/^members-\d+-health$/.test(event.target.name) && [...event.target.selectedOptions].some((option) => option.value !== "01"))
    open(event.target.closest("tbody.member"));
  changed();
});
form.addEventListener("input", changed);

// A link to a field that lies in a closed row opens the row first; a coded field is entered through its box.
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#"]');
  const box = link && document.getElementById(link.hash.slice(1));
  if (!box || !form.contains(box)) return;
  event.preventDefault();
  const row = box.closest("tr.more")?.closest("tbody.member");
  if (row) open(row);
  box.closest("details")?.setAttribute("open", "");
  (document.getElementById(`${box.id}_typed`) ?? box).focus();
  box.scrollIntoView({ block: "center" });
});

addUp();
const wrong = document.querySelector(".errors");
if (wrong) wrong.focus();
else form.querySelector("division-field input:not([type=hidden]), .paper input:not([type=hidden])")?.focus();
