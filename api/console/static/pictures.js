"use strict";

// Pictures: large in a dialog, arrows for the next; files: dropped on their form.
const links = [...document.querySelectorAll("[data-enlarge]")];
const pictures = links.filter((link, at) => links.findIndex((one) => one.href === link.href) === at);
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
links.forEach((link) => {
  const at = pictures.findIndex((one) => one.href === link.href);
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
