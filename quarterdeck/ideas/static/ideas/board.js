// The board by mouse and by keys; both press the same buttons that each card offers under “Move”, so nothing here is
// the only way. Arrows go from card to card, Shift and an arrow moves the one that has the focus.
const cards = (column) => [...column.querySelectorAll("[data-card]")];
const columns = () => [...document.querySelectorAll("[data-column]")];
const link = (card) => card?.querySelector("a[id]");
const HELD = "qd.ideas.held"; // the card that had the focus when it was moved: it has it again on the next page
let dragged = null;

function move(card, column) {
  const state = column?.dataset.column;
  const button = state && card.querySelector(`[data-move] button[value="${state}"]`);
  if (!button) return;
  hold(link(card).id);
  button.form.requestSubmit(button);
}

function hold(id) {
  try {
    const held = sessionStorage.getItem(HELD);
    if (id) sessionStorage.setItem(HELD, id);
    else sessionStorage.removeItem(HELD);
    return held;
  } catch {
    return null; // a browser that keeps nothing begins at the top
  }
}

document.getElementById(hold(null) ?? "")?.focus();

function mark(column) {
  for (const one of columns()) one.classList.toggle("dropping", one === column);
}

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-card][draggable]") ?? null;
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", link(dragged).href);
});
document.addEventListener("dragover", (event) => {
  const column = dragged && event.target.closest?.("[data-column]");
  if (!column) return;
  event.preventDefault();
  mark(column);
});
document.addEventListener("drop", (event) => {
  const column = dragged && event.target.closest?.("[data-column]");
  if (!column) return;
  event.preventDefault();
  move(dragged, column);
});
document.addEventListener("dragend", () => {
  dragged = null;
  mark(null);
});

// The nearest column to that side which has a card, when going; the very next one, when moving.
function beside(column, by, filled) {
  const all = columns();
  for (let at = all.indexOf(column) + by; all[at]; at += by) if (!filled || cards(all[at]).length) return all[at];
  return null;
}

document.addEventListener("keydown", (event) => {
  const card = event.target.matches?.("[data-card] > a[id]") && event.target.closest("[data-card]");
  if (!card || event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
  const column = card.closest("[data-column]");
  const side = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const line = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!side && !line) return;
  if (event.shiftKey && !side) return;
  event.preventDefault();
  if (event.shiftKey) return void move(card, beside(column, side, false));
  const at = cards(column).indexOf(card);
  const there = line ? cards(column)[at + line] : cards(beside(column, side, true) ?? column)[0];
  link(there)?.focus();
});
