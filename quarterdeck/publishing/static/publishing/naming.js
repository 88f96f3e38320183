// A name of the book, offered while one types @: with its handle on each network the text goes to. Arrows choose, Enter
// puts it in as {the name}, Escape leaves what is typed as it is.
import { names, put } from "./phrases.js";

const MOST = 6;
const TYPED = /(?:^|[\s(“"'])@([^\s@{}]{0,40})$/u;
const plain = (words) => words.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
const known = Object.entries(names).map(([name, handles]) => ({ name, handles, words: [...plain(name).split(/\s+/), ...Object.values(handles).map((one) => plain(one).replace(/^@/, ""))] }));

let list;
let said;
let field = null; // the text it is open for
let from = -1; // where its @ stands
let left = -1; // the @ at which it was closed: it stays closed there

/** Listen on the form; `networks(field)` are the networks [{name, title}] that say the text of a field. */
export function offer(form, networks) {
  list = form.querySelector("[data-names]");
  said = form.querySelector("[data-names-said]");
  if (!list || !known.length) return;
  form.addEventListener("input", ({ target }) => target.matches("[data-source]") && look(target, networks));
  form.addEventListener("keydown", keys, true);
  form.addEventListener("focusout", ({ target }) => target === field && close());
  form.addEventListener("pointerdown", (event) => {
    const option = event.target.closest("[role=option]");
    if (!list.contains(event.target)) return void (field && close());
    event.preventDefault(); // the text keeps the focus
    if (option) take(option);
  });
}

function look(here, networks) {
  const at = here.selectionStart;
  const typed = at === here.selectionEnd && TYPED.exec(here.value.slice(Math.max(0, at - 42), at));
  const start = typed ? at - typed[1].length - 1 : -1;
  if (start !== left) left = -1;
  const wanted = typed && left < 0 ? plain(typed[1]) : null;
  const found = wanted === null ? [] : known.filter(({ words }) => words.some((word) => word.startsWith(wanted))).slice(0, MOST);
  if (!found.length) return void (field && close());
  const fresh = field !== here || from !== start;
  [field, from] = [here, start];
  list.replaceChildren(...found.map((one, number) => option(one, number, networks(here))));
  if (fresh) open();
  pick(list.firstElementChild);
  said.textContent = `${found.length === 1 ? "1 name" : `${found.length} names`}. Down and up choose, Enter puts it in.`;
}

function option({ name, handles }, number, networks) {
  const item = Object.assign(document.createElement("li"), { id: `name-${number}`, role: "option" });
  item.dataset.name = name;
  const there = networks.filter((one) => handles[one.name]).map((one) => `${handles[one.name]} on ${one.title}`);
  const words = networks.length ? there : [...new Set(Object.values(handles))];
  if (there.length < networks.length) words.push(there.length ? "elsewhere the plain name" : "the plain name on these channels");
  item.append(Object.assign(document.createElement("b"), { textContent: name, dir: "auto" }), Object.assign(document.createElement("small"), { textContent: words.join(" · ") }));
  return item;
}

function open() {
  list.hidden = false;
  for (const [name, value] of Object.entries({ autocomplete: "list", haspopup: "listbox", controls: list.id })) field.setAttribute(`aria-${name}`, value);
  const { x, y, end } = caret(field, from);
  Object.assign(list.style, { left: `${Math.max(8, Math.min(x, end - list.offsetWidth))}px`, top: `${y}px` });
}

function close() {
  list.hidden = true;
  for (const name of ["autocomplete", "haspopup", "controls", "activedescendant"]) field.removeAttribute(`aria-${name}`);
  said.textContent = "";
  [field, from] = [null, -1];
}

function pick(item) {
  for (const one of list.children) one.setAttribute("aria-selected", String(one === item));
  field.setAttribute("aria-activedescendant", item.id);
  item.scrollIntoView({ block: "nearest" });
}

function take(item) {
  const [here, start] = [field, from];
  close();
  here.setSelectionRange(start, here.selectionStart);
  put(here, `{${item.dataset.name}}`);
}

function keys(event) {
  if (!field || event.target !== field || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const at = [...list.children].findIndex((one) => one.getAttribute("aria-selected") === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) pick(list.children[(at + step + list.children.length) % list.children.length]);
  else if (event.key === "Enter" && !event.shiftKey) take(list.children[at]);
  else if (event.key === "Escape") {
    left = from;
    close();
  } else return void (/^(Arrow|Home|End|Page|Tab)/.test(event.key) && close());
  event.preventDefault();
  event.stopPropagation();
}

// Where a character of a text stands below its line, from the list's own origin: a hidden copy of the field is measured.
function caret(area, index) {
  const copy = document.createElement("div");
  const look = getComputedStyle(area);
  const box = area.getBoundingClientRect();
  const origin = list.offsetParent.getBoundingClientRect();
  for (const name of ["font", "letterSpacing", "padding", "border", "lineHeight", "direction", "boxSizing"]) copy.style[name] = look[name];
  Object.assign(copy.style, { position: "fixed", visibility: "hidden", whiteSpace: "pre-wrap", overflowWrap: "break-word", width: `${box.width}px`, left: `${box.left}px`, top: `${box.top}px` });
  const mark = Object.assign(document.createElement("span"), { textContent: "@" });
  copy.append(area.value.slice(0, index), mark);
  document.body.append(copy);
  const at = mark.getBoundingClientRect();
  copy.remove();
  return { x: at.left - origin.left, end: box.right - origin.left, y: Math.min(at.bottom - area.scrollTop, box.bottom) - origin.top + 4 };
}
