// Keys, the running clock, and copying. Everything else works without these files.
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
