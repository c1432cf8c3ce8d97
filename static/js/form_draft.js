// Keeps what is typed in a form other than the household's card: <form id="draft-form" data-form data-draft-url data-subject>.

const form = document.getElementById("draft-form");
const state = document.getElementById("draft-state");
const { draftUrl, subject, title, division } = form.dataset;
const SKIPPED = new Set(["csrfmiddlewaretoken"]);
const WAIT = 800;

let timer;
let dirty = false;

const fields = () => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !SKIPPED.has(name));

const send = async () => {
  const clock = new Date().toTimeString().slice(0, 8);
  try {
    const answer = await fetch(draftUrl, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
      body: JSON.stringify({ form: form.dataset.form, subject, title, division, sequence: Date.now(), fields: fields() }),
      redirect: "manual",
    });
    if (state) state.textContent = answer.ok ? `草稿已存 ${clock}` : "草稿没有存上，请尽快保存";
  } catch {
    if (state) state.textContent = "网络不通，草稿没有存上";
  }
};

const changed = () => {
  dirty = true;
  clearTimeout(timer);
  timer = setTimeout(send, WAIT);
};

form.addEventListener("input", changed);
form.addEventListener("change", changed);
form.addEventListener("submit", () => {
  dirty = false;
  clearTimeout(timer);
});
addEventListener("beforeunload", (event) => {
  if (dirty) send();
  if (dirty && !navigator.onLine) event.preventDefault();
});
