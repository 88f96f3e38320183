// The lint rail: what is written is sent a moment after the last key, and the sentences come back. An action leads to
// its field, or puts better words there; that can be undone like any typing.
const PAUSE = 600; // milliseconds without a key
const AGAIN = 2500; // until links are asked about again
const LOOKS = 6;
let timer;
let asked = 0;
let looks = 0;

/** Check the draft soon. */
export function soon(form, after = PAUSE) {
  clearTimeout(timer);
  if (after === PAUSE) looks = 0;
  timer = setTimeout(() => check(form), after);
}

async function check(form) {
  const place = form.querySelector("[data-rail]");
  const body = new FormData(form);
  for (const name of [...body.keys()].filter((one) => one.startsWith("files:") || one === "do")) body.delete(name);
  body.set("post", place.dataset.post);
  const mine = (asked += 1);
  try {
    const answer = await fetch(place.dataset.rail, { method: "POST", body, headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value } });
    if (!answer.ok || answer.redirected || mine !== asked) return; // refused or overtaken: what stands stays
    const html = await answer.text();
    if (place.innerHTML !== html && !place.contains(document.activeElement)) {
      place.innerHTML = html;
      form.dispatchEvent(new Event("qd:rail"));
    }
    if (place.querySelector("[data-pending]") && (looks += 1) <= LOOKS) soon(form, AGAIN);
  } catch {
    // Not reachable at the moment: the next key asks again.
  }
}

/** Where an item's action leads: `show(scope)` opens the text it is about. */
export function fix(form, button, show) {
  const [kind, key, file] = button.dataset.fix.split(":");
  show(key.includes(".") ? key.split(".")[0] : "");
  const part = form.querySelector(`[data-part="${key}"]`);
  const field = kind === "alt" ? part?.querySelector(`[data-image="${file}"] [data-alt]`) : part?.querySelector("[data-source]");
  if (!field) return;
  field.focus();
  if (button.dataset.to === undefined) return;
  const from = button.dataset.from ? field.value.indexOf(button.dataset.from) : field.value.length;
  if (from < 0) return;
  field.setSelectionRange(from, from + button.dataset.from.length);
  // Deprecated, and still the one way that keeps the browser's own undo.
  if (!document.execCommand("insertText", false, button.dataset.to)) {
    field.setRangeText(button.dataset.to);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
