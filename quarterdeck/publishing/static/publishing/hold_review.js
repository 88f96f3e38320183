// The review before a hold is lifted: rows are selected by pointer (Shift for a range) or keys (Space, arrows, Shift
// with arrows) and decided together. Without this each row has its radios; with it, what was chosen survives a reload.
const form = document.querySelector("[data-review]");
const boxes = form ? [...form.querySelectorAll("[data-select]")] : [];
const kept = form && `qd.review.${form.dataset.review}`;
const row = (box) => box.closest("[data-row]");
const radios = () => form.querySelectorAll("[data-row] input[type=radio]");
let anchor = null;

function span(from, to) {
  const [a, b] = [boxes.indexOf(from), boxes.indexOf(to)].sort((x, y) => x - y);
  return boxes.slice(a, b + 1);
}

function count(more = "") {
  const selected = boxes.filter((box) => box.checked).length;
  const decided = boxes.filter((box) => row(box).querySelector("input[type=radio]:checked")).length;
  form.querySelector("[data-count]").textContent = `${more}${selected} selected, ${decided} of ${boxes.length} decided.`;
}

function chosen(box, extend) {
  if (extend && anchor) for (const one of span(anchor, box)) one.checked = true;
  else anchor = box;
  count();
}

function step(box, by, extend) {
  const next = boxes[boxes.indexOf(box) + by];
  if (!next) return;
  if (extend) {
    anchor ??= box;
    const back = Math.abs(boxes.indexOf(next) - boxes.indexOf(anchor)) < Math.abs(boxes.indexOf(box) - boxes.indexOf(anchor));
    if (back) box.checked = false;
    for (const one of span(anchor, next)) one.checked = true;
  }
  next.focus();
  if (!extend) anchor = next;
  count();
}

function set(decision) {
  let without = 0;
  for (const box of boxes.filter((one) => one.checked)) {
    const radio = row(box).querySelector(`input[value=${decision}]`);
    if (radio) [radio.checked, box.checked] = [true, false];
    else without += 1;
  }
  keep();
  count(without ? `${without} cannot be set to that: still selected. ` : "");
}

function keep() {
  const said = Object.fromEntries([...radios()].filter((one) => one.checked).map((one) => [one.name, one.value]));
  try {
    sessionStorage.setItem(kept, JSON.stringify(said));
  } catch {
    // A browser that keeps nothing forgets it on reload.
  }
}

function recall() {
  let said = {};
  try {
    said = JSON.parse(sessionStorage.getItem(kept) ?? "{}");
  } catch {
    // As above.
  }
  for (const radio of radios()) if (said[radio.name] === radio.value) radio.checked = true;
}

if (boxes.length) {
  for (const part of form.querySelectorAll("[data-bar], [data-select]")) part.hidden = false;
  recall();
  count();
  form.addEventListener("click", (event) => {
    const box = event.target.closest("[data-select]");
    if (box) return chosen(box, event.shiftKey);
    const li = event.target.closest("[data-row]");
    if (!li || event.target.closest("a, label, input, fieldset")) return undefined;
    const own = li.querySelector("[data-select]");
    own.checked = event.shiftKey || !own.checked;
    own.focus({ preventScroll: true });
    return chosen(own, event.shiftKey);
  });
  form.addEventListener("mousedown", (event) => {
    if (event.shiftKey && event.target.closest("[data-row]")) event.preventDefault(); // no text is marked by it
  });
  form.addEventListener("keydown", (event) => {
    const box = event.target.closest("[data-select]");
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!box || !by || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    step(box, by, event.shiftKey);
  });
  form.addEventListener("change", (event) => {
    if (event.target.type === "radio") keep();
    count();
  });
  form.querySelector("[data-all]").addEventListener("click", () => (boxes.forEach((box) => (box.checked = true)), count()));
  form.querySelector("[data-none]").addEventListener("click", () => (boxes.forEach((box) => (box.checked = false)), count()));
  form.querySelector("[data-between]").addEventListener("click", () => {
    const selected = boxes.filter((box) => box.checked);
    if (selected.length) for (const box of span(selected[0], selected.at(-1))) box.checked = true;
    count();
  });
  for (const button of form.querySelectorAll("[data-set]")) button.addEventListener("click", () => set(button.dataset.set));
}
