// <code-field> around a <select>: a box in which the digit printed on the form chooses the code («1» and «01» are both 因病), or its
// name does. The select stays beneath, keeps the value and the name, and says `change`; with `multiple` the box collects several.

const codeOf = (option) => option.value;
const nameOf = (option) => (printed(option) ? option.text.trim().slice(option.value.length) : option.text).trim();
const printed = (option) => option.text.trim().startsWith(option.value); // the form prints the code before the name
const bare = (code) => code.replace(/^0+(?=.)/, "");

class CodeField extends HTMLElement {
  connectedCallback() {
    this.select = this.querySelector("select");
    if (!this.select || this.hasAttribute("upgraded")) return;
    this.setAttribute("upgraded", "");
    this.build();
    this.listen();
    this.paint();
  }

  build() {
    const { select } = this;
    const id = select.id || `code-${crypto.randomUUID()}`;
    this.box = Object.assign(document.createElement("div"), { className: "code-box" });
    this.input = Object.assign(document.createElement("input"), { type: "text", id: `${id}_typed`, autocomplete: "off", spellcheck: false });
    this.list = Object.assign(document.createElement("ul"), { className: "options", id: `${id}_options`, hidden: true });
    this.list.setAttribute("role", "listbox");
    if (select.multiple) this.list.setAttribute("aria-multiselectable", "true");
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", this.list.id]])
      this.input.setAttribute(name, value);
    for (const name of ["aria-describedby", "aria-invalid", "aria-label", "autofocus"])
      if (select.hasAttribute(name)) this.input.setAttribute(name, select.getAttribute(name));
    if (select.required) this.input.setAttribute("aria-required", "true");
    for (const label of select.labels ?? []) label.htmlFor = this.input.id;
    select.tabIndex = -1;
    select.required = false;
    select.setAttribute("aria-hidden", "true");
    this.box.append(this.input);
    this.append(this.box, this.list);
    this.input.disabled = select.disabled;
  }

  listen() {
    this.select.addEventListener("focus", () => this.input.focus());
    this.select.addEventListener("change", () => this.paint());
    this.select.form?.addEventListener("reset", () => setTimeout(() => this.paint()));
    this.box.addEventListener("mousedown", (event) => {
      if (event.target.closest("button, input")) return;
      event.preventDefault();
      this.input.focus();
      this.list.hidden ? this.show("") : this.hide();
    });
    this.input.addEventListener("mousedown", () => this.list.hidden && this.show(this.input.value));
    this.input.addEventListener("input", (event) => event.isComposing || this.typed());
    this.input.addEventListener("compositionend", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("focus", () => this.box.scrollIntoView({ block: "nearest" }));
    this.input.addEventListener("blur", () => this.leave());
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const item = event.target.closest("[role=option]");
      if (item) this.take(this.shown[Number(item.dataset.at)]);
    });
  }

  options() {
    return [...this.select.options].filter((option) => option.value && !option.disabled);
  }

  matches(typed) {
    const asked = typed.trim().toUpperCase();
    if (!asked) return this.options();
    const rank = (option) => {
      const code = codeOf(option).toUpperCase();
      if (code === asked) return 0;
      if (/^\d+$/.test(asked) && bare(code) === bare(asked)) return 1;
      if (code.startsWith(asked)) return 2;
      if (bare(code).startsWith(asked)) return 3;
      if (nameOf(option).startsWith(asked)) return 4;
      if ((option.dataset.keys ?? "").toUpperCase().split(" ").some((key) => key.startsWith(asked))) return 5;
      return nameOf(option).toUpperCase().includes(asked) ? 6 : 9;
    };
    return this.options()
      .map((option) => [rank(option), option])
      .filter(([at]) => at < 9)
      .sort((a, b) => a[0] - b[0])
      .map(([, option]) => option);
  }

  typed() {
    const { value } = this.input;
    this.show(value);
    // A digit that can only mean one code is taken at once; the clerk goes on to the next field with Tab or Enter.
    if (!this.select.multiple && /^\d+$/.test(value) && this.shown.length) this.set(this.shown[0]);
  }

  show(typed) {
    this.shown = this.matches(typed);
    this.at = this.shown.length ? Math.max(0, typed ? 0 : this.shown.findIndex((option) => option.selected)) : -1;
    this.list.replaceChildren(
      ...this.shown.map((option, at) => {
        const item = document.createElement("li");
        item.id = `${this.list.id}_${at}`;
        item.dataset.at = String(at);
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", String(option.selected));
        item.append(...this.words(option));
        return item;
      }),
    );
    if (!this.shown.length) this.list.append(Object.assign(document.createElement("li"), { className: "none", textContent: "没有这个代码" }));
    this.list.hidden = false;
    const room = innerHeight - this.getBoundingClientRect().bottom;
    this.list.classList.toggle("above", room < 200 && this.getBoundingClientRect().top > room);
    this.input.setAttribute("aria-expanded", "true");
    this.mark();
  }

  words(option) {
    if (!printed(option)) return [option.text.trim()];
    return [Object.assign(document.createElement("span"), { className: "code", textContent: codeOf(option) }), nameOf(option)];
  }

  mark() {
    for (const item of this.list.children) item.classList.toggle("at", item.dataset.at === String(this.at));
    const now = this.list.children[this.at];
    if (this.at < 0 || !now) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", now.id);
    now.scrollIntoView({ block: "nearest" });
  }

  hide() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    const open = !this.list.hidden;
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !event.altKey && open && this.shown.length) {
      event.preventDefault();
      this.at = (this.at + (event.key === "ArrowDown" ? 1 : -1) + this.shown.length) % this.shown.length;
      this.mark();
    } else if (event.key === "ArrowDown") {
      event.preventDefault();
      this.show(this.input.value);
    } else if (event.key === "Enter" && open && this.at >= 0) {
      // A multiple box collects and stays; a single one takes the code and leaves it to the form to move on (enter_next.js).
      event.preventDefault();
      if (this.select.multiple) event.stopPropagation();
      this.take(this.shown[this.at]);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      event.stopPropagation();
      this.input.value = "";
      this.hide();
    } else if (event.key === "Backspace" && !this.input.value) {
      const last = [...this.select.selectedOptions].filter((option) => option.value).at(-1);
      if (last) this.drop(last);
    } else if (event.key === "Delete" && !this.input.value && !this.select.multiple) {
      this.clear();
    }
  }

  leave() {
    const typed = this.input.value.trim();
    if (typed && this.shown?.length) this.take(this.shown[Math.max(0, this.at)]);
    this.input.value = "";
    this.hide();
    this.paint();
  }

  take(option) {
    if (this.select.multiple && option.selected) this.drop(option);
    else this.set(option);
    this.input.value = "";
    this.hide();
    this.paint();
  }

  set(option) {
    if (option.selected) return;
    option.selected = true;
    this.said();
  }

  drop(option) {
    if (this.select.multiple) option.selected = false;
    else return this.clear();
    this.said();
  }

  clear() {
    const empty = [...this.select.options].find((option) => !option.value);
    if (empty) empty.selected = true;
    else this.select.selectedIndex = -1;
    this.said();
  }

  said() {
    for (const name of ["input", "change"]) this.select.dispatchEvent(new Event(name, { bubbles: true }));
  }

  paint() {
    for (const chosen of this.box.querySelectorAll(".chosen")) chosen.remove();
    if (this.input.value && !this.select.multiple) return;
    for (const option of this.select.selectedOptions) {
      if (!option.value) continue;
      const chosen = Object.assign(document.createElement("span"), { className: "chosen" });
      chosen.append(...this.words(option));
      if (this.select.multiple && !this.select.disabled) {
        const cross = Object.assign(document.createElement("button"), { type: "button", tabIndex: -1, textContent: "×" });
        cross.setAttribute("aria-label", `去掉 ${nameOf(option)}`);
        cross.addEventListener("click", () => this.drop(option));
        chosen.append(cross);
      }
      this.box.insertBefore(chosen, this.input);
    }
    const said = [...this.select.selectedOptions].filter((option) => option.value).map((option) => option.text.trim());
    this.input.setAttribute("aria-description", said.join("、"));
  }
}

customElements.define("code-field", CodeField);
