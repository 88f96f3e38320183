// Images of a part: chosen, dropped or pasted. Each is sent at once and named by the server, so that a reload or a
// refused form loses none.
import { described } from "./parts.js";

const TYPES = ["image/jpeg", "image/png", "image/gif", "image/webp"];
const LARGEST = 20 * 2 ** 20;
let running = 0;

/** How many are on their way. */
export const waiting = () => running;

/** Listen on the form; `shown(part, made)` is called for each image the server has kept. */
export function accept(form, shown) {
  const bring = (part, files) => [...files].forEach((file) => send(form, part, file, shown));
  const partOf = (event) => event.target.closest?.("[data-part]") ?? form.querySelector("[data-scope]:not([hidden]) [data-part]:last-child");
  form.addEventListener("change", (event) => {
    const { target } = event;
    if (target.type !== "file") return;
    bring(partOf(event), target.files);
    target.value = ""; // they are kept now: the form need not send them again
  });
  form.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    const words = event.clipboardData?.getData("text/plain").trim();
    if (!files.length || (words && !files.some((file) => file.name === words))) return; // words with their picture
    event.preventDefault();
    bring(partOf(event), files);
  });
  for (const type of ["dragover", "drop"]) {
    form.addEventListener(type, (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault(); // else the browser leaves the page to show the file
      const part = partOf(event);
      mark(form, type === "drop" ? null : part);
      if (type === "drop") bring(part, event.dataTransfer.files);
    });
  }
  form.addEventListener("dragleave", (event) => form.contains(event.relatedTarget) || mark(form, null));
  form.addEventListener("input", ({ target }) => {
    if (target.matches("[data-alt], [data-none-why]")) described(target.closest("[data-image]"));
  });
}

function mark(form, part) {
  for (const one of form.querySelectorAll("[data-part]")) one.classList.toggle("dropping", one === part);
}

async function send(form, part, file, shown) {
  const said = part.querySelector("[data-said]");
  const most = Number(form.dataset.mostImages);
  if (part.querySelectorAll("[data-image]").length >= most) return tell(said, `A part has at most ${most} images. “${file.name}” was not added.`);
  if (file.type && !TYPES.includes(file.type)) return tell(said, `“${file.name}” was not added. It is not a JPEG, PNG, GIF or WebP picture.`);
  if (file.size > LARGEST) return tell(said, `“${file.name}” was not added. It is larger than the 20 MB that are taken.`);
  running += 1;
  tell(said, `Adding “${file.name}”…`, "");
  try {
    const made = await kept(form, file);
    const there = part.querySelector(`[data-image="${made.file}"]`);
    shown(part, made);
    tell(said, there ? `“${file.name}” is in this part already.` : `“${made.name}” is added. Please describe it.`, "");
  } catch (error) {
    tell(said, error.message);
  } finally {
    running -= 1;
    if (!running) form.dispatchEvent(new Event("qd:pictures"));
  }
}

async function kept(form, file) {
  const body = new FormData();
  body.append("file", file);
  const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, Accept: "application/json" };
  let answer;
  try {
    answer = await fetch(form.dataset.upload, { method: "POST", body, headers });
  } catch {
    throw new Error(`“${file.name}” was not added: the server could not be reached. Add it again when it can.`);
  }
  const told = await answer.json().catch(() => ({}));
  if (answer.redirected || (answer.ok && !told.file)) {
    throw new Error(`“${file.name}” was not added: you may have been signed out. Sign in in another tab, then add it again.`);
  }
  if (!answer.ok) {
    const words = [told.title, told.detail].filter(Boolean).join(" ");
    throw new Error(words.includes("was not added") ? words : `“${file.name}” was not added. ${words}`);
  }
  return told;
}

function tell(place, words, tone = "text-coral") {
  place.classList.toggle("text-coral", tone === "text-coral");
  place.textContent = words;
}
