// <division-field url="/divisions/search/" level="VILLAGE" remember="card"> around <input name="…">: type pinyin initials, a
// name or a code, choose with the arrows, Enter or Tab. The last choice is offered first, and again on the next card.
// Without JavaScript the input inside is an ordinary box for the 12-digit code.

const WAIT = 150;

const fullName = ({ name, path }) => `${path ?? ""}${name}`; // path says what lies above

class DivisionField extends HTMLElement {
  connectedCallback() {
    this.hidden_input = this.querySelector("input");
    if (!this.hidden_input || this.hasAttribute("upgraded")) return;
    this.setAttribute("upgraded", "");
    const id = this.hidden_input.id;
    this.input = Object.assign(document.createElement("input"), {
      type: "text",
      id: `${id}_typed`,
      className: this.hidden_input.className,
      value: this.getAttribute("label") ?? "",
      autocomplete: "off",
      spellcheck: false,
      placeholder: "拼音首字母、名称或代码",
    });
    this.said = this.input.value;
    this.list = Object.assign(document.createElement("ul"), { className: "options", id: `${id}_options`, hidden: true });
    this.list.setAttribute("role", "listbox");
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", this.list.id]])
      this.input.setAttribute(name, value);
    for (const name of ["aria-describedby", "aria-invalid", "autofocus"])
      if (this.hidden_input.hasAttribute(name)) this.input.setAttribute(name, this.hidden_input.getAttribute(name));
    if (this.hidden_input.required) this.input.setAttribute("aria-required", "true");
    for (const label of this.hidden_input.labels ?? []) label.htmlFor = this.input.id;
    for (const label of document.querySelectorAll(`label[for="${id}"]`)) label.htmlFor = this.input.id;
    this.hidden_input.type = "hidden";
    this.append(this.input, this.list);
    this.results = [];
    this.at = -1;
    this.listen();
    this.recall();
  }

  listen() {
    this.input.addEventListener("input", (event) => event.isComposing || this.later());
    this.input.addEventListener("compositionend", () => this.later());
    this.input.addEventListener("focus", () => this.input.select());
    this.input.addEventListener("blur", () => this.leave());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const item = event.target.closest("[role=option]");
      if (item) this.take(this.results[Number(item.dataset.at)]);
    });
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.search(), WAIT);
  }

  async search() {
    const q = this.input.value.trim();
    if (!q) return this.hide();
    this.asked?.abort();
    this.asked = new AbortController();
    const query = new URLSearchParams({ q });
    if (this.getAttribute("level")) query.set("level", this.getAttribute("level"));
    try {
      const answer = await fetch(`${this.getAttribute("url") ?? "/divisions/search/"}?${query}`, {
        headers: { Accept: "application/json" },
        signal: this.asked.signal,
      });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const found = await answer.json();
      this.show(Array.isArray(found) ? found : found.results);
    } catch (failure) {
      if (failure.name !== "AbortError") this.show([], "查不到区划，网络可能不通，请再试");
    }
  }

  show(results, nothing = "没有这个区划，或不在您的范围内") {
    this.results = results;
    this.at = results.length ? 0 : -1;
    this.list.replaceChildren(
      ...results.map((division, at) => {
        const item = document.createElement("li");
        item.id = `${this.list.id}_${at}`;
        item.dataset.at = String(at);
        item.setAttribute("role", "option");
        item.append(
          Object.assign(document.createElement("span"), { className: "code", textContent: division.code }),
          division.name,
          Object.assign(document.createElement("small"), { textContent: division.path }),
        );
        return item;
      }),
    );
    if (!results.length) this.list.append(Object.assign(document.createElement("li"), { className: "none", textContent: nothing }));
    this.list.hidden = false;
    const { top, bottom } = this.getBoundingClientRect();
    this.list.classList.toggle("above", innerHeight - bottom < 200 && top > innerHeight - bottom);
    this.input.setAttribute("aria-expanded", "true");
    this.mark();
  }

  mark() {
    for (const item of this.list.children) {
      const here = item.dataset.at === String(this.at);
      item.classList.toggle("at", here);
      if (item.dataset.at) item.setAttribute("aria-selected", String(here));
      if (here) item.scrollIntoView({ block: "nearest" });
    }
    if (this.at >= 0) this.input.setAttribute("aria-activedescendant", `${this.list.id}_${this.at}`);
    else this.input.removeAttribute("aria-activedescendant");
  }

  hide() {
    clearTimeout(this.timer);
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    if (event.isComposing) return;
    const open = !this.list.hidden;
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && open && this.results.length) {
      event.preventDefault();
      this.at = (this.at + (event.key === "ArrowDown" ? 1 : -1) + this.results.length) % this.results.length;
      this.mark();
    } else if (event.key === "Enter" && open && this.at >= 0) {
      event.preventDefault();
      this.take(this.results[this.at]);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      event.stopPropagation();
      this.input.value = this.said;
      this.hide();
    }
  }

  leave() {
    if (!this.input.value.trim()) this.take(null);
    else if (!this.list.hidden && this.at >= 0) this.take(this.results[this.at]);
    else this.input.value = this.said;
    this.hide();
  }

  take(division) {
    const code = division ? String(division.code) : "";
    this.said = division ? fullName(division) : "";
    this.input.value = this.said;
    this.hide();
    if (this.hidden_input.value === code) return;
    this.hidden_input.value = code;
    if (division) this.keep(division);
    for (const name of ["input", "change"]) this.hidden_input.dispatchEvent(new Event(name, { bubbles: true }));
    this.dispatchEvent(new CustomEvent("division", { bubbles: true, detail: division }));
  }

  store() {
    return this.getAttribute("remember") && `division:${this.getAttribute("remember")}`;
  }

  keep(division) {
    if (this.store()) sessionStorage.setItem(this.store(), JSON.stringify(division));
  }

  recall() {
    const kept = this.store() && !this.hidden_input.value && sessionStorage.getItem(this.store());
    if (kept) this.take(JSON.parse(kept));
  }
}

customElements.define("division-field", DivisionField);
