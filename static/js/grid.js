// The village's year as a sheet: arrows and Enter move, a range is chosen with Shift, pasted from and copied to Excel, filled down, undone.
// What the figures come to is shown at once; what is wrong the server says when the sheet is saved. Only changed rows are sent.

const form = document.getElementById("grid-form");
const grid = document.getElementById("grid");
const body = grid?.tBodies[0];
const rows = body ? [...body.rows] : [];
const cells = rows.map((row) => [...row.querySelectorAll("td.entry")]);
const box = (cell) => cell?.querySelector("input");
const text = (cell) => cell.querySelector("input, output")?.value ?? "";
const editable = Boolean(form?.querySelector("td.entry input"));
const say = (message, kind = "warn") => document.dispatchEvent(new CustomEvent("toast", { detail: { text: message, kind } }));

/* Where we are, and what is chosen */

let from = null;
let to = null;

const place = (cell) => {
  const y = rows.indexOf(cell.closest("tr"));
  return { y, x: cells[y].indexOf(cell) };
};

const range = () => {
  if (!from || !to) return null;
  const [top, bottom] = [from.y, to.y].sort((a, b) => a - b);
  const [left, right] = [from.x, to.x].sort((a, b) => a - b);
  return { top, bottom, left, right, many: top !== bottom || left !== right };
};

const paint = () => {
  for (const cell of body.querySelectorAll("td.chosen")) cell.classList.remove("chosen");
  const area = range();
  if (!area?.many) return;
  for (let y = area.top; y <= area.bottom; y += 1) for (let x = area.left; x <= area.right; x += 1) cells[y][x].classList.add("chosen");
};

const visible = (y) => rows[y] && !rows[y].hidden;

const step = (y, by) => {
  let next = y + by;
  while (rows[next] && !visible(next)) next += by;
  return rows[next] ? next : y;
};

const go = (y, x) => {
  const cell = cells[y]?.[x];
  if (!cell) return;
  const target = box(cell);
  if (!target) return;
  target.focus();
  target.select();
  uncover(cell);
};

// The first columns and the head stay where they are: what they cover is scrolled out from under them.
const uncover = (cell) => {
  const wrap = cell.closest(".grid-wrap");
  const fixed = rows[0].querySelector(".edge").getBoundingClientRect().right;
  const left = cell.getBoundingClientRect().left;
  if (left < fixed) wrap.scrollLeft -= fixed - left;
  const head = grid.tHead.getBoundingClientRect().bottom;
  const top = cell.getBoundingClientRect().top;
  if (top < head) wrap.scrollTop -= head - top;
  const foot = grid.tFoot.getBoundingClientRect().top;
  const bottom = cell.getBoundingClientRect().bottom;
  if (bottom > foot) wrap.scrollTop += bottom - foot;
};

const side = (y, x, by) => {
  let next = x + by;
  while (cells[y][next] && !box(cells[y][next])) next += by;
  return cells[y][next] ? next : x;
};

body?.addEventListener("focusin", (event) => {
  const cell = event.target.closest("td.entry");
  if (!cell) return;
  if (!stretching) from = to = place(cell);
  paint();
  note(cell);
});

let stretching = false;
let inside = false;

body?.addEventListener("mousedown", (event) => {
  const cell = event.target.closest("td.entry");
  if (!cell || !event.shiftKey || !from) return;
  event.preventDefault();
  to = place(cell);
  paint();
});

body?.addEventListener("mousemove", (event) => {
  const cell = event.target.closest("td.entry");
  if (!cell || event.buttons !== 1 || !from) return;
  const here = place(cell);
  if (here.y === from.y && here.x === from.x && !range()?.many) return;
  to = here;
  paint();
});

body?.addEventListener("keydown", (event) => {
  const cell = event.target.closest("td.entry");
  if (!cell || event.isComposing) return;
  const here = place(cell);
  const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  if (event.key === "F2") {
    inside = true;
    event.target.setSelectionRange(event.target.value.length, event.target.value.length);
    return;
  }
  if (event.key === "Escape") {
    event.target.value = event.target.defaultValue;
    touch(cell);
    event.target.select();
    return;
  }
  if (event.key === "Enter") {
    event.preventDefault();
    return go(step(here.y, event.shiftKey ? -1 : 1), here.x);
  }
  if (event.ctrlKey && event.key.toLowerCase() === "d") {
    event.preventDefault();
    return fillDown();
  }
  if (event.ctrlKey && event.key.toLowerCase() === "z" && undoable.length) {
    event.preventDefault();
    return undo();
  }
  if (event.key === "Delete" && range()?.many) {
    event.preventDefault();
    return put(range(), () => "", "清除");
  }
  const move = moves[event.key];
  if (!move || event.altKey || event.ctrlKey) return;
  if (event.shiftKey) {
    event.preventDefault();
    const y = Math.min(Math.max(to.y + move[0], 0), rows.length - 1);
    const x = Math.min(Math.max(to.x + move[1], 0), cells[0].length - 1);
    to = { y, x };
    return paint();
  }
  const { selectionStart, selectionEnd, value } = event.target;
  const whole = selectionStart === 0 && selectionEnd === value.length;
  if (move[1] && inside) return;
  if (move[1] === -1 && !(whole || selectionStart === 0)) return;
  if (move[1] === 1 && !(whole || selectionEnd === value.length)) return;
  event.preventDefault();
  if (move[0]) go(step(here.y, move[0]), here.x);
  else go(here.y, side(here.y, here.x, move[1]));
});

body?.addEventListener("focusout", () => {
  inside = false;
});

/* Amounts, changes, sums */

const money = (value) => Number(String(value).replaceAll(/[,，\s]/g, "")) || 0;
const fine = (value) => value.toLocaleString("zh-CN", { maximumFractionDigits: 2 });
const two = (value) => value.toLocaleString("zh-CN", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const shown = (value) => value.trim().replaceAll(/[,，]/g, "");

const touch = (cell) => {
  const input = box(cell);
  if (!input) return;
  cell.classList.toggle("changed", shown(input.value) !== shown(input.dataset.stored));
  add(cell.closest("tr"));
};

const add = (row) => {
  let sum = 0;
  for (const cell of row.querySelectorAll("td.entry")) {
    const input = cell.querySelector("input");
    const path = input?.dataset.path ?? "";
    const value = money(text(cell));
    if (!path.startsWith("income.")) continue;
    sum += path === "income.business_expense" ? -value : value;
  }
  const members = Number(row.dataset.members);
  const net = row.querySelector('[data-sum="net"]');
  const perHead = row.querySelector('[data-sum="per-head"]');
  if (row.querySelector('td.changed input[data-path^="income."]')) {
    net.value = fine(sum);
    perHead.value = members ? two(sum / members) : "—";
    net.dataset.exact = String(sum);
  }
  const line = Number(form.dataset.line);
  const exact = Number(net.dataset.exact);
  perHead.classList.toggle("below", Boolean(line) && members > 0 && exact < line * members);
  perHead.classList.toggle("above", Boolean(line) && members > 0 && exact > line * members);
};

const changedRows = () => rows.filter((row) => row.querySelector("td.changed"));

const tally = () => {
  const many = body.querySelectorAll("td.changed").length;
  const chip = document.getElementById("changed-count");
  chip.hidden = !many;
  chip.textContent = `已改 ${many} 格`;
  const touched = changedRows().length;
  document.getElementById("untouched-count").textContent = String(rows.length - touched);
  const save = document.getElementById("save-count");
  if (save) save.textContent = touched ? ` ${touched} 户` : "";
  totals();
};

const totals = () => {
  const row = document.getElementById("totals");
  while (row.cells.length > 2) row.deleteCell(-1);
  const count = rows[0].cells.length;
  for (let at = 4; at < count; at += 1) {
    const cell = row.insertCell();
    const column = rows.map((one) => one.cells[at]);
    const output = column[0].querySelector('[data-sum="per-head"]');
    if (column[0].classList.contains("text")) continue;
    cell.className = "n";
    if (output) {
      const persons = rows.reduce((sum, one) => sum + Number(one.dataset.members), 0);
      const net = rows.reduce((sum, one) => sum + Number(one.querySelector('[data-sum="net"]').dataset.exact), 0);
      cell.textContent = persons ? two(net / persons) : "—";
    } else {
      cell.textContent = fine(column.reduce((sum, one) => sum + money(text(one).replace("−", "-")), 0));
    }
  }
};

body?.addEventListener("input", (event) => {
  const cell = event.target.closest("td.entry");
  if (!cell) return;
  cell.classList.remove("err", "pasted");
  touch(cell);
  tally();
  keep();
});

const note = (cell) => {
  const tip = cell.querySelector(".tip");
  document.getElementById("cell-note").textContent = tip ? `${cell.closest("tr").querySelector(".c2").firstChild.textContent.trim()} ${tip.textContent}` : "";
};

/* Excel */

const undoable = [];

const put = (area, value, what) => {
  const before = [];
  let skipped = 0;
  for (const cell of body.querySelectorAll("td.pasted")) cell.classList.remove("pasted");
  for (let y = area.top; y <= area.bottom; y += 1) {
    for (let x = area.left; x <= area.right; x += 1) {
      const input = box(cells[y]?.[x]);
      if (!input) {
        skipped += 1;
        continue;
      }
      before.push([input, input.value]);
      input.value = value(y - area.top, x - area.left) ?? "";
      cells[y][x].classList.remove("err");
      cells[y][x].classList.add("pasted");
      touch(cells[y][x]);
    }
  }
  undoable.push(before);
  const wide = `${area.bottom - area.top + 1} 行 × ${area.right - area.left + 1} 列`;
  const hint = document.getElementById("paste-note");
  const back = Object.assign(document.createElement("button"), { type: "button", className: "link", textContent: "撤销" });
  back.addEventListener("click", undo);
  hint.replaceChildren(`刚${what} ${wide}${skipped ? `，跳过 ${skipped} 格` : ""} `, back, Object.assign(document.createElement("kbd"), { textContent: "Ctrl Z" }));
  tally();
  keep();
};

const undo = () => {
  const last = undoable.pop();
  if (!last) return;
  for (const [input, value] of last) {
    input.value = value;
    const cell = input.closest("td");
    cell.classList.remove("pasted");
    touch(cell);
  }
  document.getElementById("paste-note").replaceChildren(undoable.length ? "已撤销，可再按 Ctrl Z" : "已撤销");
  tally();
  keep();
};

// Excel's text: tabs between cells, a quoted cell may hold line breaks.
const parse = (raw) => {
  const table = [[""]];
  let quoted = false;
  for (let at = 0; at < raw.length; at += 1) {
    const char = raw[at];
    const row = table.at(-1);
    if (quoted) {
      if (char === '"' && raw[at + 1] === '"') {
        row[row.length - 1] += '"';
        at += 1;
      } else if (char === '"') quoted = false;
      else row[row.length - 1] += char;
    } else if (char === '"' && row.at(-1) === "") quoted = true;
    else if (char === "\t") row.push("");
    else if (char === "\n") table.push([""]);
    else if (char !== "\r") row[row.length - 1] += char;
  }
  if (table.length > 1 && table.at(-1).length === 1 && table.at(-1)[0] === "") table.pop();
  return table;
};

body?.addEventListener("paste", (event) => {
  const table = parse(event.clipboardData.getData("text/plain"));
  const area = range();
  const single = table.length === 1 && table[0].length === 1;
  if (!area || (single && !area.many)) return;
  event.preventDefault();
  if (single) return put(area, () => table[0][0].trim(), "填充");
  const shownRows = rows.map((_, y) => y).filter((y) => y >= area.top && visible(y));
  const width = Math.max(...table.map((row) => row.length));
  const fits = Math.min(table.length, shownRows.length);
  if (shownRows.length !== rows.length - area.top) return say("正在只看一部分户，请先切回“全部户”再粘贴");
  if (fits < table.length) say(`粘贴了 ${table.length} 行，表上从此往下只有 ${fits} 户，多出的行没有贴`);
  const right = Math.min(area.left + width, cells[0].length) - 1;
  if (area.left + width > cells[0].length) say("粘贴的列超出表的右边，多出的列没有贴");
  put({ top: area.top, bottom: area.top + fits - 1, left: area.left, right }, (y, x) => (table[y][x] ?? "").trim(), "从 Excel 粘贴");
});

body?.addEventListener("copy", (event) => {
  const area = range();
  if (!area?.many) return;
  event.preventDefault();
  const lines = [];
  for (let y = area.top; y <= area.bottom; y += 1) if (visible(y)) lines.push(cells[y].slice(area.left, area.right + 1).map(text).join("\t"));
  event.clipboardData.setData("text/plain", lines.join("\n"));
  say(`已复制 ${lines.length} 行 × ${area.right - area.left + 1} 列`, "ok");
});

const fillDown = () => {
  const area = range();
  if (!area) return;
  if (!area.many) {
    if (area.top) put(area, () => text(cells[area.top - 1][area.left]), "填充");
    return;
  }
  const first = cells[area.top].slice(area.left, area.right + 1).map(text);
  put(area, (_, x) => first[x], "向下填充");
};

document.getElementById("copy-all")?.addEventListener("click", async () => {
  const heads = [...grid.tHead.rows[1].cells].map((cell) => cell.title || cell.textContent.trim());
  const lines = rows.map((row) =>
    [...row.cells]
      .map((cell, at) => (at === 1 ? row.dataset.row : cell.querySelector("input:not([type=hidden]), output")?.value ?? cell.firstChild?.textContent.trim() ?? ""))
      .map((value) => (/^\d{16}$/.test(value) ? `'${value}` : value))
      .join("\t"),
  );
  try {
    await navigator.clipboard.writeText([heads.join("\t"), ...lines].join("\n"));
    say(`已复制 ${rows.length} 户，到 Excel 里粘贴`, "ok");
  } catch {
    say("浏览器不让复制：请选中一片后按 Ctrl C", "bad");
  }
});

/* Showing a part, going to what is wrong */

document.querySelector(".tool")?.addEventListener("click", (event) => {
  const button = event.target.closest("[data-show]");
  if (!button) return;
  for (const one of button.parentElement.children) one.setAttribute("aria-pressed", String(one === button));
  for (const row of rows) {
    const wrong = row.querySelector("td.err") || row.classList.contains("wrong-row");
    row.hidden = (button.dataset.show === "wrong" && !wrong) || (button.dataset.show === "untouched" && Boolean(row.querySelector("td.changed")));
  }
});

document.getElementById("next-error")?.addEventListener("click", () => {
  const wrong = [...body.querySelectorAll("td.err, td.doubt")];
  if (!wrong.length) return say("没有标出的错", "ok");
  const now = document.activeElement?.closest("td.entry");
  const next = wrong.find((cell) => now && now.compareDocumentPosition(cell) & Node.DOCUMENT_POSITION_FOLLOWING && cell !== now) ?? wrong[0];
  const { y, x } = place(next);
  go(y, x);
});

document.querySelector(".errors")?.addEventListener("click", (event) => {
  const link = event.target.closest("[data-cell]");
  if (!link) return;
  event.preventDefault();
  const cell = form.elements[link.dataset.cell]?.closest("td");
  if (!cell) return;
  const { y, x } = place(cell);
  go(y, x);
});

/* Nothing typed is lost; only what was changed is sent */

const state = document.getElementById("draft-state");
let timer;
let dirty = false;

const changedFields = () => [...body.querySelectorAll("td.changed input")].map((input) => [input.name, input.value]);

const keep = () => {
  dirty = true;
  clearTimeout(timer);
  timer = setTimeout(send, 1000);
};

const send = async () => {
  const clock = new Date().toTimeString().slice(0, 8);
  const { subject, title, division, draftUrl } = form.dataset;
  try {
    const answer = await fetch(draftUrl, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
      body: JSON.stringify({ form: "grid", subject, title, division, sequence: Date.now(), fields: changedFields() }),
      redirect: "manual",
    });
    state.textContent = answer.ok ? `草稿已存 ${clock}` : "草稿没有存上，请尽快保存";
  } catch {
    state.textContent = "网络不通，草稿没有存上";
  }
};

form?.addEventListener("submit", (event) => {
  if (!changedRows().length) {
    event.preventDefault();
    return say("没有改动，不用保存");
  }
  dirty = false;
  for (const row of rows) if (!row.querySelector("td.changed")) for (const input of row.querySelectorAll("input")) input.disabled = true;
  document.getElementById("save").setAttribute("aria-busy", "true");
});

addEventListener("pageshow", (event) => {
  if (event.persisted) for (const input of form?.querySelectorAll("input:disabled") ?? []) input.disabled = false;
});

addEventListener("beforeunload", (event) => {
  if (dirty) {
    clearTimeout(timer);
    send();
    if (!navigator.onLine) event.preventDefault();
  }
});

if (body) {
  for (const row of rows) add(row);
  tally();
  const wrong = document.querySelector(".errors");
  if (wrong) wrong.focus();
  else if (editable) go(0, side(0, -1, 1));
}
