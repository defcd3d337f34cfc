"use strict";

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
