// Keys, the running clock, and copying. Everything else works without this file.
"use strict";

const language = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
const units = { en: [" d", " h", " min"], zh: [" 天", " 小时", " 分"] }[language];

function span(milliseconds) {
  const minutes = Math.floor(Math.abs(milliseconds) / 60000);
  const parts = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60];
  let first = parts.findIndex((n) => n > 0);
  if (first < 0) first = 2;
  return parts
    .slice(first, first + 2)
    .map((n, i) => (n || first === 2 ? n + units[first + i] : ""))
    .filter(Boolean)
    .join(" ");
}

function left(milliseconds) {
  const words = span(milliseconds);
  if (language === "zh") return milliseconds >= 0 ? "剩余 " + words : "已超时 " + words;
  return words + (milliseconds >= 0 ? " left" : " overdue");
}

function tick() {
  for (const due of document.querySelectorAll("[data-due]")) {
    const rest = Number(due.dataset.due) - Date.now();
    due.textContent = left(rest);
    due.classList.toggle("late", rest < 0);
    due.classList.toggle("soon", rest >= 0 && rest < 4 * 3600000);
  }
}
setInterval(tick, 15000);

// The queue tells what came meanwhile, and moves nothing until it is asked to.
const told = document.querySelector("[data-news]");
async function listen() {
  if (document.hidden) return;
  try {
    const answer = await fetch(told.dataset.news, { credentials: "same-origin", redirect: "error" });
    const news = answer.ok ? (await answer.json()).text : "";
    if (news && told.textContent !== news) {
      const link = document.createElement("a");
      link.className = "button";
      link.href = location.href;
      link.textContent = news;
      told.replaceChildren(link);
    }
  } catch { /* the service is away, or the session is over: the next page says so */ }
}
if (told) setInterval(listen, 10000);

// The overview takes in new numbers while nobody is inside what changes; nothing moves.
const live = document.querySelector("[data-live]");
async function renew() {
  if (document.hidden || live.contains(document.activeElement)) return;
  try {
    const answer = await fetch(location.href, { credentials: "same-origin", redirect: "error" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-live]");
    const opened = [...live.querySelectorAll("details")].map((one) => one.open);
    page.querySelectorAll("details").forEach((one, at) => { one.open = opened[at] || false; });
    if (page.innerHTML === live.innerHTML) return;
    const top = scrollY;
    live.replaceChildren(...page.childNodes);
    scrollTo({ top, behavior: "instant" });
  } catch { /* as above */ }
}
if (live) setInterval(renew, 30000);

// A finding that can be undone: the seconds that are left, then that it is stored.
function count() {
  for (const bar of document.querySelectorAll("[data-left]")) {
    const rest = Math.ceil((Number(bar.dataset.left) - performance.now()) / 1000);
    bar.querySelector(".when").textContent = rest > 0 ? rest + (language === "zh" ? " 秒" : " s") : bar.dataset.stored;
    if (rest <= 0) { bar.querySelector("button").remove(); delete bar.dataset.left; }
  }
}
count();
setInterval(count, 500);

// A case that is about to change: once it has, its page is read again, unless somebody writes in it.
const pending = document.querySelector("[data-pending]");
let written = false;
addEventListener("input", (event) => { written ||= Boolean(event.target.closest("main form")); });
async function look() {
  if (document.hidden) return;
  try {
    const answer = await fetch(pending.dataset.pending, { credentials: "same-origin", redirect: "error" });
    if (!answer.ok || (await answer.json()).pending) return;
    clearInterval(looking);
    const link = pending.querySelector("a");
    if (!written) { location.replace(link.href); return; }
    if (pending.dataset.stored) { link.textContent = pending.dataset.stored; pending.replaceChildren(link); }
  } catch { /* as above */ }
}
const looking = pending && setInterval(look, 1000);

// The search field suggests ids while one types; arrows choose, Enter opens, Escape closes.
const search = document.querySelector("[data-suggest]");
function suggester(field) {
  const list = document.createElement("ul");
  list.id = "suggestions";
  list.hidden = true;
  for (const [name, value] of Object.entries({ role: "listbox", "aria-label": field.getAttribute("aria-label") })) list.setAttribute(name, value);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": "suggestions", "aria-expanded": "false" })) field.setAttribute(name, value);
  field.parentElement.append(list);
  let chosen = -1, waiting = 0, latest = "";
  function close() {
    list.hidden = true;
    list.replaceChildren();
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
    chosen = -1;
  }
  function show(found) {
    close();
    found.forEach((one, at) => {
      const item = document.createElement("li");
      item.id = "suggestion-" + at;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.dataset.url = one.url;
      const kind = document.createElement("span");
      kind.className = "quiet small";
      kind.textContent = one.kind;
      item.append(one.name + " ", kind);
      item.addEventListener("pointerdown", (event) => { event.preventDefault(); location.href = one.url; });
      list.append(item);
    });
    list.hidden = !found.length;
    field.setAttribute("aria-expanded", String(!list.hidden));
  }
  function choose(at) {
    const items = [...list.children];
    if (!items.length) return;
    chosen = (at + items.length) % items.length;
    items.forEach((item, n) => item.setAttribute("aria-selected", String(n === chosen)));
    field.setAttribute("aria-activedescendant", items[chosen].id);
  }
  async function ask() {
    const text = latest = field.value.trim();
    if (text.length < 2) { close(); return; }
    try {
      const answer = await fetch(field.dataset.suggest + "?q=" + encodeURIComponent(text), { credentials: "same-origin", redirect: "error" });
      if (answer.ok && text === latest && document.activeElement === field) show((await answer.json()).found);
    } catch { /* searching works without */ }
  }
  field.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, 150); });
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) { event.preventDefault(); choose(chosen < 0 && by < 0 ? -1 : chosen + by); }
    if (event.key === "Enter" && chosen >= 0) { event.preventDefault(); location.href = list.children[chosen].dataset.url; }
    if (event.key === "Escape") { event.stopPropagation(); close(); }
  });
}
if (search) suggester(search);

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  const words = button.textContent;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      field.select();
      document.execCommand("copy");
    }
    button.textContent = button.dataset.copied;
    setTimeout(() => { button.textContent = words; }, 2000);
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// Pictures: large in a dialog, arrows for the next; files: dropped on their form.
const pictures = [...document.querySelectorAll("[data-enlarge]")];
let dialog = null;
function enlarge(at) {
  if (!dialog) {
    dialog = document.createElement("dialog");
    dialog.className = "enlarged";
    dialog.append(document.createElement("img"));
    dialog.addEventListener("click", () => dialog.close());
    dialog.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (by) { event.preventDefault(); enlarge(Number(dialog.dataset.at) + by); }
      if (event.key === "v") { event.stopPropagation(); dialog.close(); }
    });
    document.body.append(dialog);
  }
  const number = (at + pictures.length) % pictures.length;
  const image = dialog.firstChild;
  dialog.dataset.at = number;
  image.src = pictures[number].href;
  image.alt = pictures[number].querySelector("img").alt;
  if (!dialog.open) dialog.showModal();
}
pictures.forEach((link, at) => {
  link.addEventListener("click", (event) => { event.preventDefault(); enlarge(at); });
});

for (const form of document.querySelectorAll("form.drop")) {
  const block = form.closest("section");
  block.addEventListener("dragover", (event) => { event.preventDefault(); form.classList.add("over"); });
  block.addEventListener("dragleave", () => form.classList.remove("over"));
  block.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("over");
    if (!event.dataTransfer.files.length) return;
    form.querySelector("input[type=file]").files = event.dataTransfer.files;
    form.parentElement.open = true;
    form.querySelector("button").focus();
  });
}

function open(target) {
  if (target.matches("summary")) {
    target.parentElement.open = true;
    target.parentElement.querySelector("form input:not([type=hidden]), form select, form textarea").focus();
  } else if (target.matches("input, textarea")) {
    target.focus();
  } else {
    target.click();
  }
}

function step(forward) {
  const rows = [...document.querySelectorAll("a.open")];
  if (!rows.length) return false;
  const at = rows.indexOf(document.activeElement);
  const next = rows[Math.min(Math.max(at + forward, 0), rows.length - 1)];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

// The shortcuts are told over the page; the key, Escape and the button lead back to it.
const help = document.querySelector("a.keys");
let keys = null;
async function tellKeys(event) {
  event.preventDefault();
  if (keys) { if (keys.open) keys.close(); else keys.showModal(); return; }
  keys = document.createElement("dialog");
  keys.className = "card shortcuts";
  try {
    const answer = await fetch(help.href, { credentials: "same-origin", redirect: "error" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const title = page.querySelector("main h1");
    const list = page.getElementById("shortcuts");
    title.id = "shortcuts-title";
    const close = document.createElement("button");
    close.textContent = help.dataset.close;
    close.addEventListener("click", () => keys.close());
    keys.setAttribute("aria-labelledby", title.id);
    const head = document.createElement("div");
    head.className = "headline";
    head.append(title, close);
    keys.append(head, list);
    keys.addEventListener("click", (at) => { if (at.target === keys) keys.close(); });
    document.body.append(keys);
    keys.showModal();
    close.focus();
  } catch { location.href = help.href; }
}
if (help && !document.getElementById("shortcuts")) help.addEventListener("click", tellKeys);

const everywhere = {
  "/": () => document.querySelector("input[type=search]"),
  "?": () => document.querySelector("a.keys"),
};

document.addEventListener("keydown", (event) => {
  const field = event.target.closest("input:not([type=radio]), textarea, select");
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.closest("form") || document.getElementById("finding");
    if (form) { event.preventDefault(); form.requestSubmit(form.querySelector("button.main")); }
    return;
  }
  if (event.key === "Escape" && field) { field.blur(); return; }
  if (keys && keys.open) { if (event.key === "?") { event.preventDefault(); keys.close(); } return; }
  if (field || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const key = event.key.toLowerCase();
  if ((key === "j" && step(1)) || (key === "k" && step(-1))) { event.preventDefault(); return; }
  if (key === "l") { location.href = document.body.dataset.language; return; }
  const number = document.querySelector(`[data-number="${CSS.escape(key)}"]`);
  if (number) { number.checked = true; number.focus(); event.preventDefault(); return; }
  const target = everywhere[key] ? everywhere[key]() : document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (target) { event.preventDefault(); open(target); }
});

addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
