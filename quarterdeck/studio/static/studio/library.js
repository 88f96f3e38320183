// Files for the library, chosen or dropped; each says how far it has come, and then where it is.
import { Uploads } from "./uploads.js";

const form = document.querySelector("[data-bring]");

function ticking() {
  const button = document.querySelector("[data-tick-all]");
  if (button) button.hidden = false;
}

// The shelf is asked for anew. While it is on its way, what is said to it is lost with it: it is asked once more after.
let stale = false;

function renew() {
  const shelf = document.getElementById("shelf");
  stale = Boolean(shelf?.classList.contains("htmx-request"));
  if (!stale) shelf?.dispatchEvent(new Event("qd:shelf"));
}

function arrived(_, kept) {
  const link = Object.assign(document.createElement("a"), { href: kept.page, textContent: "Describe it" });
  return { words: kept.aside ? `“${kept.name}” is here already, and was put aside.` : `“${kept.name}” is in the library.`, link };
}

if (form) {
  const list = form.querySelector("[data-uploads]");
  const told = form.querySelector("[data-told]");
  const uploads = new Uploads(form, {
    name: form.dataset.begin,
    list: () => list,
    told: (words) => (told.textContent = words),
    arrived,
    settled: renew,
  });
  form.classList.add("scripted");
  form.addEventListener("change", ({ target }) => {
    if (target.type !== "file") return;
    uploads.bring([...target.files]);
    target.value = "";
  });
  for (const type of ["dragover", "drop"]) {
    document.addEventListener(type, (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      form.classList.toggle("dropping", type === "dragover");
      if (type === "drop") uploads.bring([...event.dataTransfer.files]);
    });
  }
  document.addEventListener("dragleave", (event) => event.relatedTarget || form.classList.remove("dropping"));
}
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-tick-all]")) return;
  for (const box of document.querySelectorAll("#shelf [name=file]")) box.checked = true;
});
document.addEventListener("htmx:afterSettle", () => {
  ticking();
  if (stale) renew();
});
ticking();
