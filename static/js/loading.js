// A bar on top while something is on its way. CSS shows it only after 300 ms, so quick answers don't flicker.
// A form sent by the browser itself marks its button busy and can't be sent twice.

const bar = document.getElementById("loading");
let waiting = 0;

const count = (step) => {
  waiting = Math.max(0, waiting + step);
  bar.classList.toggle("on", waiting > 0);
};

const background = (event) => event.detail.requestConfig?.headers?.["X-Background"];

document.addEventListener("htmx:beforeSend", (event) => background(event) || count(1));
document.addEventListener("htmx:afterRequest", (event) => background(event) || count(-1));

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog" || form.target === "_blank") return;
  if (form.matches("[hx-post], [hx-get], [data-hx-post]")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  count(1);
  // A download leaves the page standing: give the form back after a while.
  const submitter = event.submitter;
  const busy = setTimeout(() => submitter?.setAttribute("aria-busy", "true"), 300);
  setTimeout(() => {
    clearTimeout(busy);
    delete form.dataset.sent;
    submitter?.removeAttribute("aria-busy");
    count(-1);
  }, 8000);
});

addEventListener("pageshow", () => {
  waiting = 0;
  count(0);
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll(".btn[aria-busy]")) button.removeAttribute("aria-busy");
});
