// Images of a part: chosen, dropped or pasted, or taken from the library. Each is sent at once and named by the server,
// so that a reload or a refused form loses none.
import { Uploads } from "../studio/uploads.js";
import { described } from "./parts.js";

const moving = new WeakMap(); // a place -> the part that stood there, which may have moved since
let sending = null;

/** How many are on their way. */
export const waiting = () => sending?.waiting ?? 0;

/** Listen on the form; `shown(part, made)` is called for each image the server has kept. A form of one part has no
 * scopes. `name`: under which name files on their way are kept in this browser. */
export function accept(form, shown, name) {
  const told = form.querySelector("[data-uploads-told]");
  sending = new Uploads(form, {
    name,
    list: (to) => partAt(form, to).querySelector("[data-uploads]"),
    told: (words) => (told.textContent = words),
    arrived: (to, made) => void put(form, partAt(form, to), made, shown),
    settled: () => form.dispatchEvent(new Event("qd:pictures")),
  });
  const bring = (part, files) => {
    for (const line of part.querySelectorAll("[data-uploads] > :not(:has(progress))")) line.remove(); // said before
    if (full(form, part)) return void tell(part.querySelector("[data-said]"), `A part has at most ${form.dataset.mostImages} images. Nothing was added.`);
    const to = placeOf(part);
    moving.set(to, part);
    return void sending.bring([...files], to);
  };
  const partOf = (event) => event.target.closest?.("[data-part]") ?? form.querySelector("[data-scope]:not([hidden]) [data-part]:last-child") ?? form.querySelector("[data-part]");
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

/** Put a picture that the server has into a part; says what was done, there and as its answer. */
export function put(form, part, made, shown) {
  const said = part.querySelector("[data-said]");
  if (full(form, part)) return tell(said, `A part has at most ${form.dataset.mostImages} images. “${made.name}” was not added.`);
  if (part.querySelector(`[data-image="${made.file}"]`)) return tell(said, `“${made.name}” is in this part already.`, "");
  shown(part, made);
  return tell(said, made.alt ? `“${made.name}” is added, with its description.` : `“${made.name}” is added. Please describe it.`, "");
}

const full = (form, part) => part.querySelectorAll("[data-image]").length >= Number(form.dataset.mostImages);

// Where a part stands, so that a picture finds it after a reload: its text, and which of the parts it is.
function placeOf(part) {
  return { scope: part.closest("[data-scope]")?.dataset.scope ?? "", at: [...part.parentElement.children].indexOf(part) };
}

// The part at that place, or the nearest to it; a channel that says the common text again has none of its own.
function partAt(form, to) {
  if (moving.get(to)?.isConnected) return moving.get(to);
  const { scope, at } = to;
  const list = form.querySelector(`[data-scope="${scope}"] [data-parts]`);
  const there = list?.children.length ? list : form.querySelector('[data-scope=""] [data-parts]');
  if (!there) return form.querySelector("[data-part]");
  return there.children[Math.min(at, there.children.length - 1)];
}

function tell(place, words, tone = "text-coral") {
  place.classList.toggle("text-coral", tone === "text-coral");
  place.textContent = words;
  return words;
}
