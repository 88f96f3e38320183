// A part that is fetched anew takes the focus away from what stood in it. Whoever works by keyboard gets it back: on
// the same thing by its id, its address or its words. Lists keep their own place (items.js).
let held = null;

function signature(element) {
  const form = element.form?.getAttribute("action") ?? "";
  const own = element.getAttribute("formaction") ?? element.getAttribute("href") ?? element.name ?? "";
  return [element.localName, element.id, form, own, element.localName === "button" ? element.textContent.trim() : ""].join("\n");
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const active = document.activeElement;
  held = active && active !== document.body && event.detail.target?.contains(active) ? signature(active) : null;
});
document.addEventListener("htmx:afterSettle", () => {
  const lost = !document.activeElement || document.activeElement === document.body;
  if (held && lost) {
    const same = [...document.querySelectorAll("main :is(a[href], button, input, select, textarea, summary)")];
    same.find((element) => signature(element) === held)?.focus({ preventScroll: true });
  }
  held = null;
});
