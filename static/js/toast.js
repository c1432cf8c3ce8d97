// <toast-area>: short notices at the lower right. Anything may ask for one by the event `toast` with {text, kind};
// a server answer does so by the header HX-Trigger: {"toast": {"text": "已保存", "kind": "ok"}}.

const SECONDS = { ok: 4, info: 6, warn: 12, bad: 0 }; // 0: stays until it is closed

class ToastArea extends HTMLElement {
  connectedCallback() {
    document.addEventListener("toast", (event) => this.show(event.detail));
  }

  show({ text, kind = "info" }) {
    if ([...this.children].some((shown) => shown.firstChild.textContent === text)) return; // said already, e.g. by each poll
    const toast = document.createElement("div");
    toast.className = `toast ${kind}`;
    toast.append(Object.assign(document.createElement("span"), { textContent: text }));
    const close = Object.assign(document.createElement("button"), { type: "button", textContent: "×" });
    close.setAttribute("aria-label", "关闭提示");
    close.addEventListener("click", () => toast.remove());
    toast.append(close);
    this.append(toast);
    if (SECONDS[kind]) setTimeout(() => toast.remove(), SECONDS[kind] * 1000);
  }
}

customElements.define("toast-area", ToastArea);
