// The composer: one text, and what single channels say instead; its parts can be added, moved and taken out, images
// chosen, dropped or pasted; meters and previews follow as one writes. What is typed stays in this browser. Everything
// here works on the fields of the plain form.
import { choose } from "./choosing.js";
import * as differences from "./differences.js";
import { meter } from "./meters.js";
import { offer } from "./naming.js";
import * as parts from "./parts.js";
import { accept, put, waiting } from "./pictures.js";
import { preview } from "./previews.js";
import { insert, resolved } from "./phrases.js";
import * as rail from "./rail.js";
import { free } from "./slots.js";
import * as state from "./state.js";

const form = document.querySelector("[data-composer]");
const keep = form?.querySelector("[data-keep]");
const told = form?.querySelector("[data-told]");
const version = form?.elements.version;
let first = ""; // the state the page came with, as it is kept

const chips = () => form.querySelectorAll("input[name=channels]");
const scopeOf = (chip) => chip.value.replaceAll("-", "");

// --- everything follows -------------------------------------------------------------------------------------

// At a key the meters follow at once, everything that is only looked at with the next frame.
let drawn = 0;

function follow({ check = true, at = "once" } = {}) {
  const now = state.read(form);
  for (const chip of chips()) for (const one of state.sections(form)) measured(one, chip, now);
  keep.value = written(now);
  cancelAnimationFrame(drawn);
  if (at === "once") draw(now);
  else drawn = requestAnimationFrame(() => draw(now));
  if (check) rail.soon(form);
}

function draw(now) {
  let any = false;
  for (const chip of chips()) {
    any ||= chip.checked;
    const scope = scopeOf(chip);
    const box = form.querySelector(`[data-preview="${chip.value}"]`);
    box.hidden = !chip.checked;
    if (chip.checked) preview(box, going(now.own[scope] ?? now.parts, chip), look(chip));
    tab(chip, scope, now);
  }
  if (state.shown(form) && !chosen(state.shown(form))) show("");
  form.querySelector("[data-tabs]").hidden = !any;
  form.querySelector("[data-none]").hidden = any;
  for (const one of state.sections(form)) {
    one.querySelector("button[data-add]:not(.only-plain)").hidden = state.list(one).children.length >= Number(form.dataset.mostParts);
  }
}

// The parts as they go out there: names and links as they are on that network.
const going = (said, { dataset }) => said.map((part) => ({ ...part, text: resolved(part.text, dataset.name) }));

// What a channel's preview needs to know of it.
const look = ({ dataset }) => ({
  card: "cards" in dataset ? card() : null,
  rule: dataset.rule,
  network: dataset.name,
  byHand: "byHand" in dataset,
  when: form.elements.when?.value,
});

// The card of the link, where it is wanted.
function card() {
  const box = form.elements.card;
  return box.checked && box.dataset.url ? box.dataset : null;
}

// The server knows what the linked page says of itself: another page's card is shown until it is left out.
function cardFound() {
  const found = form.querySelector("[data-card-found]");
  const box = form.elements.card;
  form.querySelector("[data-card-choice]").hidden = !found;
  if (found && found.dataset.page !== box.value) {
    box.value = found.dataset.page;
    box.checked = true;
    for (const name of ["url", "title", "description", "image"]) box.dataset[name] = found.dataset[name];
    form.querySelector("[data-card-title]").textContent = found.dataset.title;
  }
  if (!found) box.checked = false;
  follow({ check: false });
}

// The meters of a text for one channel: of the common text only where the channel says that.
function measured(one, chip, now) {
  const its = one.dataset.scope;
  const scope = scopeOf(chip);
  const says = chip.checked && (its ? its === scope : !now.own[scope]);
  [...state.list(one).children].forEach((node, at) => {
    const gauge = node.querySelector(`[data-meter="${chip.value}"]`);
    if (!gauge) return;
    gauge.hidden = !says;
    if (says) {
      const part = now.raw[its][at];
      meter(gauge, { ...part, text: resolved(part.text, chip.dataset.name) }, chip);
    }
  });
}

// A channel's tab, and the card that says what it says differently.
function tab(chip, scope, now) {
  const own = chip.checked && now.own[scope];
  const button = form.querySelector(`[data-tabs] [data-tab="${scope}"]`);
  button.hidden = !chip.checked;
  button.querySelector("[data-mark]").hidden = !own;
  const card = form.querySelector(`[data-differs="${scope}"]`);
  card.hidden = !own || ![scope, ""].includes(state.shown(form));
  card.querySelector("[data-tab]").hidden = state.shown(form) === scope;
  if (!card.hidden) differences.show(card.querySelector("[data-diff]"), now.parts, own);
}

const ticked = () => [...chips()].filter((chip) => chip.checked).map((chip) => chip.value);
const chosen = (scope) => [...chips()].some((chip) => chip.checked && scopeOf(chip) === scope);

function show(scope) {
  state.show(form, scope);
  for (const button of form.querySelectorAll("[data-tabs] [data-tab]")) {
    button.setAttribute("aria-pressed", String(button.dataset.tab === scope));
  }
}

function written(now = state.read(form)) {
  return JSON.stringify({ version: version.value, channels: ticked(), parts: now.parts, own: now.own });
}

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
  const kept = JSON.parse(keep.value || first);
  const said = ({ parts: common, own = {}, channels = ticked() }) => JSON.stringify([common, own, channels]);
  if (said(kept) === said(state.read(form))) return; // only the version differs
  version.value = kept.version;
  state.put(form, kept);
  for (const chip of chips()) chip.checked = kept.channels?.includes(chip.value) ?? chip.checked;
  show("");
  follow();
}

// --- acts on parts ------------------------------------------------------------------------------------------

function change(act, words) {
  const before = state.read(form);
  const focus = act();
  for (const one of state.sections(form)) parts.number(state.list(one));
  follow();
  if (words) tell(words, before);
  focus?.focus();
}

// Says what was done; with the state before it, offers to undo it.
function tell(words, before) {
  const undo = Object.assign(document.createElement("button"), { type: "button", className: "quiet small", textContent: "Undo" });
  undo.addEventListener("click", () => {
    state.put(form, before);
    show(state.shown(form));
    follow();
    told.replaceChildren("Undone.");
    state.section(form, state.shown(form)).querySelector("[data-source]").focus();
  });
  told.replaceChildren(words, " ", ...(before ? [undo] : []));
}

function move(part, by) {
  const list = part.parentElement;
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
  const at = [...part.parentElement.children].indexOf(part);
  change(() => {
    const next = part.nextElementSibling ?? part.previousElementSibling;
    part.remove();
    return next.querySelector("textarea");
  }, `Part ${at + 1} is taken out.`);
}

function backToCommon(scope) {
  const one = state.section(form, scope);
  change(() => {
    state.list(one).replaceChildren();
    show("");
    return state.section(form, "").querySelector("[data-source]");
  }, `${one.dataset.called} says the common text again.`);
}

function add(button) {
  const list = state.list(button.closest("[data-scope]"));
  change(() => parts.add(list).querySelector("textarea"));
}

// The networks that say a part, each once: {name, title}.
function networks(part) {
  const { scope } = part.closest("[data-scope]").dataset;
  const { own } = state.read(form);
  const says = (chip) => (scope ? scopeOf(chip) === scope : chip.checked && !own[scopeOf(chip)]);
  const found = [...chips()].filter(says).map(({ dataset }) => [dataset.name, dataset.called]);
  return [...new Map(found)].map(([name, title]) => ({ name, title }));
}

// The library knows which pictures may not be used there.
function library(part) {
  choose(part, networks(part).map(({ name }) => name), (there, made) => put(form, there, made, shown));
}

const shown = (part, made) => change(() => void parts.show(part, made));

function arrange(button) {
  const part = button.closest("[data-part]");
  const wish = button.value.split(":")[0];
  if (wish === "remove") remove(part);
  else move(part, wish === "up" ? -1 : 1);
}

form?.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.matches("[data-drop]")) {
    const image = button.closest("[data-image]");
    const part = button.closest("[data-part]");
    change(() => (image.remove(), part.querySelector("textarea")), `“${image.dataset.name}” is left out.`);
  } else if (button.matches("[data-library]")) {
    event.preventDefault();
    library(button.closest("[data-part]"));
  } else if (button.matches("[data-slot]")) {
    event.preventDefault();
    free(form, button, ticked());
  } else if (button.matches("[data-fix]")) {
    rail.fix(form, button, (scope) => scope !== state.shown(form) && (show(scope), follow()));
  } else if (button.matches("[data-tab]")) {
    show(button.dataset.tab);
    follow();
    if (!button.closest("[data-tabs]")) state.section(form, button.dataset.tab).querySelector("[data-source]").focus();
  } else if (button.name === "do" || button.matches("[data-add]")) {
    event.preventDefault();
    if (button.matches("[data-common]")) backToCommon(button.dataset.common);
    else if (button.matches("[data-add]")) add(button);
    else arrange(button);
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
  accept(form, shown, form.querySelector("[data-keep]").dataset.keep);
  form.addEventListener("input", () => follow({ at: "next" }));
  form.addEventListener("change", () => follow());
  form.addEventListener("qd:rail", cardFound);
  offer(form, (text) => networks(text.closest("[data-part]")));
  let field = null; // where the text was last written in
  form.addEventListener("focusin", ({ target }) => (field = target.matches("[data-source]") ? target : field));
  form.querySelector("[data-insert]")?.addEventListener("change", ({ target }) => {
    const here = state.section(form, state.shown(form));
    insert(target, here.contains(field) ? field : here.querySelector("[data-source]"));
  });
  show("");
  begin();
  follow();
}
