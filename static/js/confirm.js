// Asks before an act that has consequences: <form data-confirm="说清后果" data-act="按钮上的话"> or hx-confirm on an element.
// The consequence stands in the dialog in words; Esc and 返回 leave everything as it was.

const dialog = document.getElementById("confirm");
const text = dialog.querySelector("p");
const yes = dialog.querySelector("[value=yes]");

const ask = (question, act) =>
  new Promise((resolve) => {
    text.textContent = question;
    yes.textContent = act || "确定";
    dialog.returnValue = "";
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    dialog.showModal();
  });

document.addEventListener(
  "submit",
  async (event) => {
    const { target: form, submitter } = event;
    const question = submitter?.dataset.confirm ?? form.dataset.confirm;
    if (!question || form.dataset.confirmed) {
      delete form.dataset.confirmed;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (await ask(question, submitter?.dataset.act ?? form.dataset.act)) {
      form.dataset.confirmed = "yes";
      form.requestSubmit(submitter);
    }
  },
  { capture: true },
);

document.addEventListener("htmx:confirm", async (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  if (await ask(event.detail.question, event.detail.elt.dataset.act)) event.detail.issueRequest(true);
});
