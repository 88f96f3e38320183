// The composer: its parts can be added, moved and taken out, images chosen, dropped or pasted; meters and previews
// follow as one writes. What is typed stays in this browser. Everything here works on the fields of the plain form.
import { count } from "../shell/text.js";
import * as parts from "./parts.js";
import { accept, waiting } from "./pictures.js";

const form = document.querySelector("[data-composer]");
const list = form?.querySelector("[data-parts]");
const keep = form?.querySelector("[data-keep]");
const told = form?.querySelector("[data-told]");
const version = form?.elements.version;
let first = ""; // the state the page came with, as it is kept

// --- meters -------------------------------------------------------------------------------------------------

const known = new Map(); // what was counted already: a part that did not change is not counted again

function counted(text, rule, limit) {
  const key = `${rule} ${limit} ${text}`;
  if (known.size > 400) known.clear();
  if (!known.has(key)) known.set(key, measure(text, rule, limit));
  return known.get(key);
}

function measure(text, rule, limit) {
  try {
    if (rule) return count(text, rule, limit);
  } catch (error) {
    return { length: [...text].length, reasons: [error.message] };
  }
  const length = [...text].length;
  const over = (length - limit).toLocaleString("en-GB");
  return { length, reasons: length > limit ? [`The text is ${over} too long.`] : [] };
}

function meter(box, part, chip) {
  const limit = Number(chip.dataset.limit);
  const most = Number(chip.dataset.images || Infinity);
  const { length, reasons } = counted(part.text, chip.dataset.rule, limit);
  const said = part.text ? [...reasons] : [];
  if (part.images.length > most) said.push(`${chip.dataset.network} takes ${most} images a post.`);
  const bar = box.querySelector("progress");
  box.querySelector("b").textContent = `${length} / ${limit}`;
  bar.value = Math.min(length, limit);
  bar.className = said.length ? "coral" : length > limit * 0.9 ? "amber" : "";
  say(box.querySelector(".said"), said.join(" "));
}

function say(place, words) {
  if (place.textContent !== words) place.textContent = words;
}

// --- previews -----------------------------------------------------------------------------------------------

function preview(box, state) {
  const article = box.querySelector("article");
  const shape = article.querySelector("[data-piece]");
  while (article.children.length < state.length) article.append(shape.cloneNode(true));
  while (article.children.length > state.length) article.lastElementChild.remove();
  state.forEach((part, at) => {
    const piece = article.children[at];
    say(piece.querySelector("[data-text]"), part.text || (state.length === 1 && !part.images.length ? "What you write appears here." : ""));
    say(piece.querySelector("[data-count]"), state.length > 1 ? ` · ${at + 1} of ${state.length}` : "");
    pictures(piece.querySelector("[data-pictures]"), part.images);
  });
}

function pictures(place, images) {
  const shown = [...place.querySelectorAll("img")];
  if (shown.length !== images.length || images.some((image, at) => shown[at].getAttribute("src") !== image.url)) {
    place.replaceChildren(...images.map((image) => {
      const item = document.createElement("li");
      item.append(Object.assign(new Image(), { src: image.url }));
      return item;
    }));
  }
  place.querySelectorAll("img").forEach((picture, at) => (picture.alt = images[at].alt));
}

// --- everything follows -------------------------------------------------------------------------------------

function follow() {
  const state = parts.read(list);
  const nodes = [...list.children];
  let any = false;
  for (const chip of form.querySelectorAll("input[name=channels]")) {
    any ||= chip.checked;
    const box = form.querySelector(`[data-preview="${chip.value}"]`);
    box.hidden = !chip.checked;
    if (chip.checked) preview(box, state);
    nodes.forEach((node, at) => {
      const gauge = node.querySelector(`[data-meter="${chip.value}"]`);
      gauge.hidden = !chip.checked;
      if (chip.checked) meter(gauge, state[at], chip);
    });
  }
  form.querySelector("[data-none]").hidden = any;
  form.querySelector("[data-add]").hidden = nodes.length >= Number(form.dataset.mostParts);
  keep.value = written();
}

const written = () => JSON.stringify({ version: version.value, parts: parts.read(list) });

// --- kept in this browser -----------------------------------------------------------------------------------

function begin() {
  first = written();
  keep.value = first;
  if (form.hasAttribute("data-answered")) keep.dataset.kept = ""; // sent and answered: newer than what was kept
  else keep.defaultValue = first;
  keep.addEventListener("input", restored);
  delete keep.dataset.later;
  document.dispatchEvent(new Event("qd:fields"));
}

// Something kept was put back, or discarded. With it comes the version one began from: if somebody saved meanwhile,
// saving shows both.
function restored(event) {
  event.stopPropagation();
  const state = JSON.parse(keep.value || first);
  if (JSON.stringify(state.parts) === JSON.stringify(parts.read(list))) return; // only the version differs
  version.value = state.version;
  parts.put(list, state.parts);
  follow();
}

// --- acts on parts ------------------------------------------------------------------------------------------

function change(act, words) {
  const before = parts.read(list);
  const focus = act();
  parts.number(list);
  follow();
  if (words) tell(words, before);
  focus?.focus();
}

// Says what was done; with the state before it, offers to undo it.
function tell(words, before) {
  const undo = Object.assign(document.createElement("button"), { type: "button", className: "quiet small", textContent: "Undo" });
  undo.addEventListener("click", () => {
    parts.put(list, before);
    follow();
    told.replaceChildren("Undone.");
    list.querySelector("textarea").focus();
  });
  told.replaceChildren(words, " ", ...(before ? [undo] : []));
}

function move(part, by) {
  const from = [...list.children].indexOf(part);
  const to = from + by;
  if (to < 0 || to >= list.children.length) return;
  const held = document.activeElement;
  change(() => {
    if (by < 0) part.previousElementSibling.before(part);
    else part.nextElementSibling.after(part);
    return part.contains(held) ? held : part.querySelector("textarea");
  });
  tell(`Part ${from + 1} is part ${to + 1} now.`);
}

function remove(part) {
  const at = [...list.children].indexOf(part);
  change(() => {
    const next = part.nextElementSibling ?? part.previousElementSibling;
    part.remove();
    return next.querySelector("textarea");
  }, `Part ${at + 1} is taken out.`);
}

form?.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const part = button.closest("[data-part]");
  if (button.matches("[data-drop]")) {
    const image = button.closest("[data-image]");
    change(() => (image.remove(), part.querySelector("textarea")), `“${image.dataset.name}” is left out.`);
  } else if (button.name === "do") {
    event.preventDefault();
    const wish = button.value.split(":")[0];
    if (wish === "add") change(() => parts.add(list).querySelector("textarea"));
    else if (wish === "remove") remove(part);
    else move(part, wish === "up" ? -1 : 1);
  }
});

form?.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const part = event.target.closest?.("[data-part]");
  if (part && event.altKey && /^Arrow(Up|Down)$/.test(event.key)) {
    event.preventDefault();
    move(part, event.key === "ArrowUp" ? -1 : 1);
  }
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("[data-ask]"));
});

// An image that is still on its way is waited for, then the form goes by itself.
form?.addEventListener("submit", (event) => {
  if (!waiting()) return;
  event.preventDefault();
  const { submitter } = event;
  tell("One moment: an image is still being added, then this is saved.");
  form.addEventListener("qd:pictures", () => form.requestSubmit(submitter), { once: true });
});

if (form) {
  form.classList.add("scripted");
  accept(form, (part, made) => change(() => void parts.show(part, made)));
  form.addEventListener("input", follow);
  form.addEventListener("change", follow);
  begin();
  follow();
}
