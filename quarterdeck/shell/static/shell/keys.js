// Single keys and sequences ("g d"). They rest while someone types or a dialog is open, and can be turned off on
// this device (WCAG 2.1.4), in the list of shortcuts that `?` opens.
const SWITCH = "qd.keys";
const PAUSE = 1200; // ms between the keys of a sequence
const bound = new Map();
let typed = [];
let last = 0;

export function on(keys, act) {
  bound.set(keys, act); // act returns false when there was nothing to do
}

export function areOn() {
  try {
    return localStorage.getItem(SWITCH) !== "off";
  } catch {
    return true;
  }
}

export function turn(wanted) {
  try {
    localStorage.setItem(SWITCH, wanted ? "on" : "off");
  } catch {
    // A browser that keeps nothing keeps the keys on.
  }
}

function writes(target) {
  if (target.closest?.("dialog:not([open])")) return false; // closed a moment ago, not drawn yet
  return target.closest?.('input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable=""], [contenteditable=true], [role=combobox], [role=listbox], [role=menu], [role=grid]');
}

// What the page itself offers by a key (data-key) comes before what every page knows; lists mind their own (items.js).
function ofThePage(key) {
  const own = /^[a-z1-9]$/.test(key) && document.querySelector(`main [data-key="${key}"]:not(.items *, :disabled)`);
  if (own) own.click();
  return Boolean(own);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented || event.isComposing) return;
  if (event.key.length !== 1 || event.key === " " || !areOn() || writes(event.target)) return;
  if (document.querySelector("dialog:modal")) return;
  if (event.timeStamp - last > PAUSE) typed = [];
  last = event.timeStamp;
  typed.push(event.key.length === 1 && event.shiftKey && /[a-z]/i.test(event.key) ? event.key : event.key.toLowerCase());
  for (let from = 0; from < typed.length; from += 1) {
    const keys = typed.slice(from).join(" ");
    if (ofThePage(keys) || (bound.has(keys) && bound.get(keys)() !== false)) {
      event.preventDefault();
      typed = [];
      return;
    }
  }
  typed = typed.slice(-2);
});

for (const box of document.querySelectorAll("[data-keys-switch]")) {
  box.checked = areOn();
  box.addEventListener("change", () => turn(box.checked));
}
