// Lists (.items): J and K move the current item, Enter opens it, also while nothing has the focus; E, S and H press its
// own buttons ([data-key]).
// Whatever gets the focus or a tap becomes current, so that hands on a mouse or a phone find the same buttons.
import { areOn, on } from "./keys.js";

const CURRENT = "aria-current";
let held = null; // where the person was in a list that is being replaced

const current = () => document.querySelector(`.items > li[${CURRENT}]`) ?? document.querySelector(".items > li.now");
const siblings = (item) => [...item.parentElement.children].filter((li) => li.matches("li:not([hidden])"));

function first() {
  return document.querySelector("main .items > li:not([hidden])");
}

function become(item, focus) {
  for (const other of document.querySelectorAll(`.items > li:is([${CURRENT}], .now)`)) {
    if (other === item) continue;
    other.removeAttribute(CURRENT);
    other.classList.remove("now");
  }
  item.setAttribute(CURRENT, "true");
  if (focus) {
    item.tabIndex = -1;
    item.focus({ preventScroll: true });
    item.scrollIntoView({ block: "nearest" });
  }
}

function move(by) {
  const now = current();
  const next = now ? siblings(now)[siblings(now).indexOf(now) + by] : first();
  const there = next ?? now; // at either end it stays, and gets the focus: it may be the only one
  if (there) become(there, true);
  return Boolean(there);
}

function press(key) {
  const button = current()?.querySelector(`[data-key="${key}"]:not(:disabled)`);
  button?.click();
  return Boolean(button);
}

on("j", () => move(1));
on("k", () => move(-1));
for (const key of ["e", "s", "h"]) on(key, () => press(key));

// While a finger or a button is down the list keeps still: what is pressed must be what is let go.
let pressed = false;
document.addEventListener("pointerdown", () => (pressed = true));
for (const kind of ["pointerup", "pointercancel"]) document.addEventListener(kind, () => setTimeout(() => (pressed = false)));

for (const kind of ["focusin", "click"]) {
  document.addEventListener(kind, (event) => {
    if (pressed && kind === "focusin") return;
    const item = event.target.closest?.(".items > li");
    if (item && !item.hasAttribute(CURRENT)) become(item, false);
  });
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.defaultPrevented) return;
  const item = event.target === document.body ? areOn() && current() : event.target.matches?.(".items > li") && event.target;
  if (item) item.querySelector("a[href]")?.click();
});

// A list that is fetched anew keeps the person's place: the same item (data-item), or the one that took its place.
document.addEventListener("htmx:beforeSwap", (event) => {
  const item = document.querySelector(`.items > li[${CURRENT}]`);
  held = null;
  if (!item || !(event.detail.target.contains(item) || event.detail.target === item)) return;
  const focused = item.contains(document.activeElement);
  held = { key: item.dataset.item, index: siblings(item).indexOf(item), focused };
});
document.addEventListener("htmx:afterSettle", () => {
  const list = held && !document.querySelector(`.items > li[${CURRENT}]`) && first()?.parentElement;
  if (!list) return;
  const left = [...list.children].filter((li) => li.matches("li:not([hidden])"));
  const same = held.key && left.find((li) => li.dataset.item === held.key);
  become(same || left[Math.min(held.index, left.length - 1)], held.focused);
  held = null;
});
