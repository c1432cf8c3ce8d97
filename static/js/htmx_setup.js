// What HTMX does when an answer is not what was hoped for: sign in again, or say what happened and how to go on.

const say = (text, kind = "bad") => document.dispatchEvent(new CustomEvent("toast", { detail: { text, kind } }));

const SAID = {
  400: "提交的内容有误，请检查后再试。",
  403: "您的岗位没有这项权限，或页面已过期。请刷新页面后再试。",
  404: "没有找到，可能已被移走，或不在您的范围内。",
  409: "内容已被他人改动，请刷新页面看最新的再改。",
  413: "文件太大，请分成几份上传。",
  429: "操作太快，请稍等一分钟再试。",
  503: "系统正在维护，请几分钟后再试。",
};

document.addEventListener("htmx:beforeSwap", (event) => {
  const signIn = document.body.dataset.signIn;
  const landed = event.detail.xhr.responseURL;
  if (signIn && landed && new URL(landed).pathname === signIn) {
    // The session has ended and the request was led to the sign-in page: take the whole window there, and come back after.
    event.detail.shouldSwap = false;
    location.assign(`${signIn}?next=${encodeURIComponent(location.pathname + location.search)}`);
  }
});

document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  say(SAID[status] ?? `系统出错（${status}），这次操作没有保存。请再试一次，仍不行请告诉管理员。`);
});

document.addEventListener("htmx:sendError", () => say("网络不通，这次操作没有送到。填的内容还在，网络恢复后再试。"));
document.addEventListener("htmx:timeout", () => say("等了太久没有回答，请再试一次。"));
