// What changes while a page is open: new cases, numbers, findings that wait.
"use strict";

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
    bar.querySelector(".when").textContent = rest > 0 ? bar.dataset.counting.replace("#", rest) : bar.dataset.stored;
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
