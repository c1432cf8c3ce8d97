// Says two minutes ahead that the session will end for want of work, so that nobody is surprised at the next click.
// What counts is what the server sees: loading a page and every request of the user, but not polling in the background.

const limit = Number(document.body.dataset.idle);
const AHEAD = 120;
let timer;

const restart = () => {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const text = "再过 2 分钟没有操作将自动退出登录。填的内容留有草稿，翻页或保存一次即可继续。";
    document.dispatchEvent(new CustomEvent("toast", { detail: { text, kind: "warn" } }));
  }, (limit - AHEAD) * 1000);
};

if (limit > AHEAD) {
  restart();
  document.addEventListener("htmx:afterRequest", (event) => event.detail.requestConfig?.headers?.["X-Background"] || restart());
  document.addEventListener("request", restart); // scripts that fetch by themselves say so with this event
}
