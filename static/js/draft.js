// Nothing typed is ever lost: what stands in the form is kept in this browser at once and on the server when it answers. A dead network,
// a closed window or an expired sign-in costs nothing. Saving the card, discarding the draft and signing out clear the browser's copy.

const form = document.getElementById("card-form");
const state = document.getElementById("draft-state");
const { draftId, draftUrl, subject } = form.dataset;
const KEY = `fupin:draft:${document.body.dataset.who}:${subject || "new"}`; // a shared computer offers nobody another's copy
const WAIT = 800;
const TELLS = new Set(["csrfmiddlewaretoken"]);

const fields = () => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !TELLS.has(name));
const clock = (moment) => new Date(moment).toTimeString().slice(0, 8);

let timer;
let dirty = false;
let leaving = false;

const keepHere = () => {
  try {
    localStorage.setItem(KEY, JSON.stringify({ id: draftId, at: Date.now(), fields: fields() }));
  } catch {
    // The browser's store is full or forbidden: the server's copy remains.
  }
};

const keepThere = async () => {
  const title = form.querySelector('input[name$="-name"]')?.value ?? "";
  try {
    const answer = await fetch(draftUrl, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, "X-Requested-With": "fetch" },
      body: JSON.stringify({ form: form.dataset.form || "card", subject, title, sequence: Date.now(), division: form.elements.village_code?.value ?? "", fields: fields() }),
      redirect: "manual",
    });
    if (answer.ok) state.textContent = `草稿已存 ${clock(Date.now())}`;
    else if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) signInAgain();
    else state.textContent = `草稿存在本机 ${clock(Date.now())}，服务器暂不可用`;
  } catch {
    state.textContent = `草稿存在本机 ${clock(Date.now())}，网络不通`;
  }
};

const signInAgain = () => {
  const link = Object.assign(document.createElement("a"), { href: document.body.dataset.signIn || "/", target: "_blank", textContent: "请在新窗口重新登录" });
  state.replaceChildren(`登录已过期，草稿存在本机 ${clock(Date.now())}；`, link, "后再保存");
};

const changed = () => {
  dirty = true;
  keepHere();
  clearTimeout(timer);
  timer = setTimeout(keepThere, WAIT);
};

form.addEventListener("input", changed);
form.addEventListener("change", changed);

form.addEventListener("submit", () => {
  leaving = true;
  keepHere();
  for (const button of document.querySelectorAll('.foot .btn[form="card-form"]')) button.setAttribute("aria-busy", "true");
});

document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-sign-out]")) leaving = true; // nothing is kept here for whoever sits down next (menu.js)
});

addEventListener("beforeunload", (event) => {
  if (dirty && !leaving) keepHere();
  if (dirty && !leaving && !navigator.onLine) event.preventDefault();
});

// A copy in this browser that the server does not know of is offered, never put in unasked.
const offer = () => {
  let kept;
  try {
    kept = JSON.parse(localStorage.getItem(KEY) ?? "null");
  } catch {
    return;
  }
  if (!kept || kept.id === draftId || document.querySelector(".errors")) return;
  const note = document.createElement("p");
  note.className = "note info";
  const take = Object.assign(document.createElement("button"), { type: "button", className: "link", textContent: "恢复" });
  const drop = Object.assign(document.createElement("button"), { type: "button", className: "link", textContent: "丢弃" });
  note.append(`本机存有 ${clock(kept.at)} 未保存的录入。`, take, " ", drop);
  form.before(note);
  take.addEventListener("click", () => {
    note.remove();
    restore(kept.fields);
  });
  drop.addEventListener("click", () => {
    note.remove();
    localStorage.removeItem(KEY);
  });
};

const restore = (kept) => {
  const wanted = Math.max(0, ...kept.map(([name]) => Number(/^members-(\d+)-/.exec(name)?.[1] ?? -1) + 1));
  while (form.querySelectorAll("tbody.member").length < wanted) document.getElementById("add-member").click();
  const byName = new Map();
  for (const [name, value] of kept) byName.set(name, [...(byName.get(name) ?? []), value]);
  for (const [name, values] of byName) {
    const box = form.elements[name];
    if (!box || ["version", "entry_key", "household_no", "year"].includes(name)) continue;
    if (box.multiple) for (const option of box.options) option.selected = values.includes(option.value);
    else box.value = values[0];
    box.dispatchEvent?.(new Event("change", { bubbles: true }));
  }
  form.querySelector("input:not([type=hidden])").focus();
};

if (form.dataset.saved) localStorage.removeItem(KEY);
else offer();

document.querySelector(".draft-offer")?.addEventListener("click", (event) => {
  if (event.target.closest("a[href*=discard]")) localStorage.removeItem(KEY);
});
