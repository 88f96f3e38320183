// The calendar: a post is dragged to a day or an hour, or moved with the arrow keys; both send the form that “Move to…”
// sends, so whatever the server has to say about that time is said in the same words, with the same undo.
import { on } from "../shell/keys.js";
import { say } from "../shell/toasts.js";

const WAIT = 700; // ms after the last arrow before the post is moved: five presses are one act
const FOCUS = "qd.calendar.focus";
const DAY = 86_400_000;
let dragged = null;
let pending = null; // {entry, at, timer}

const board = () => document.querySelector("[data-calendar]");
const entryOf = (target) => target.closest?.("[data-move]");
const cellOf = (target) => target.closest?.("[data-cell]");

// Wall times are reckoned as if they were UTC: what the clocks do there is the server's to know.
const parse = (wall) => Date.parse(`${wall}:00Z`);
const wallOf = (time) => new Date(time).toISOString().slice(0, 16);

function keep(post) {
  try {
    sessionStorage.setItem(FOCUS, JSON.stringify({ post, y: scrollY, path: location.pathname }));
  } catch {
    // Without it the page begins at its top.
  }
}

function send(entry, wall) {
  const form = board()?.querySelector("[data-mover]");
  if (!form) return;
  keep(entry.dataset.entry);
  form.action = entry.dataset.move;
  form.elements.when.value = wall;
  form.elements.was.value = entry.dataset.wall ?? "";
  form.requestSubmit();
}

// --- dragging ---------------------------------------------------------------------------------------

function timeIn(cell, entry) {
  const value = cell.dataset.cell;
  const own = entry.dataset.wall?.slice(11) ?? "";
  if (!value.includes("T")) return own ? `${value}T${own}` : "";
  return `${value}:${own.slice(3) || "00"}`;
}

function minutes(wall) {
  return Number(wall.slice(11, 13)) * 60 + Number(wall.slice(14, 16));
}

// Another post shown here on one of the same channels, closer to that wall time than the workspace wants.
function collides(wall, entry) {
  if (!wall) return false;
  const mine = new Set((entry.dataset.channels ?? "").split(" "));
  const near = Number(board().dataset.near); // minutes
  return [...board().querySelectorAll("[data-wall]")].some((other) => {
    const there = other.dataset.wall;
    if (other.dataset.entry === entry.dataset.entry || !there.startsWith(wall.slice(0, 10))) return false;
    return Math.abs(minutes(there) - minutes(wall)) < near && other.dataset.channels.split(" ").some((one) => mine.has(one));
  });
}

function over(cell) {
  for (const one of document.querySelectorAll(".over")) if (one !== cell) one.classList.remove("over");
  cell?.classList.add("over");
}

function showClashes(entry) {
  for (const cell of board().querySelectorAll("[data-cell]")) cell.classList.toggle("clash", collides(timeIn(cell, entry), entry));
}

function calm() {
  over(null);
  for (const cell of document.querySelectorAll(".clash")) cell.classList.remove("clash");
}

document.addEventListener("dragstart", (event) => {
  const entry = entryOf(event.target);
  if (!entry) return;
  dragged = entry;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", entry.dataset.title);
  // After the browser has taken its picture of the post.
  setTimeout(() => {
    if (!dragged) return;
    board()?.classList.add("dragging");
    showClashes(entry);
  }, 0);
});
document.addEventListener("dragover", (event) => {
  const cell = dragged && cellOf(event.target);
  if (!cell) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "move";
  over(cell);
});
document.addEventListener("drop", (event) => {
  const cell = dragged && cellOf(event.target);
  if (!cell) return;
  event.preventDefault();
  const wall = timeIn(cell, dragged);
  if (wall && wall === dragged.dataset.wall) return;
  if (wall) send(dragged, wall);
  else choose(dragged, `${cell.dataset.cell}T10:00`);
});
document.addEventListener("dragend", () => {
  calm();
  board()?.classList.remove("dragging");
  dragged = null;
  caughtUp();
});

// A post without a time that is dropped on a day: the form asks for the hour.
function choose(entry, wall) {
  keep(entry.dataset.entry);
  const address = new URL(entry.dataset.move, location);
  address.searchParams.set("when", wall);
  address.searchParams.set("next", board().dataset.here);
  location.assign(address);
}

// --- arrow keys -------------------------------------------------------------------------------------

function step(event) {
  const hours = board().dataset.calendar === "week";
  const up = hours ? (event.shiftKey ? 60 : 15) * 60_000 : 7 * DAY;
  return { ArrowLeft: -DAY, ArrowRight: DAY, ArrowUp: -up, ArrowDown: up }[event.key];
}

const words = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit", timeZone: "UTC" });

document.addEventListener("keydown", (event) => {
  const entry = entryOf(event.target);
  if (!entry || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && pending) return putBack();
  const by = entry.dataset.wall && step(event);
  if (!by) return;
  event.preventDefault();
  const at = (pending?.entry === entry ? pending.at : parse(entry.dataset.wall)) + by;
  clearTimeout(pending?.timer);
  pending = { entry, at, timer: setTimeout(settle, WAIT) };
  hint(entry, at);
});

function hint(entry, at) {
  calm();
  const wall = wallOf(at);
  const clash = collides(wall, entry);
  const cell = document.querySelector(`[data-cell="${wall.slice(0, 10)}"], [data-cell="${wall.slice(0, 13)}"]`);
  over(cell);
  cell?.classList.toggle("clash", clash);
  cell?.scrollIntoView({ block: "nearest" });
  let place = entry.querySelector(".bound");
  if (!place) {
    place = document.createElement("small");
    place.className = "bound";
    entry.append(place);
  }
  place.textContent = `→ ${words.format(at)}`;
  say(`${words.format(at)}.${clash ? " It collides there." : ""} Escape puts it back.`);
}

function settle() {
  const { entry, at } = pending;
  if (wallOf(at) === entry.dataset.wall) return putBack();
  send(entry, wallOf(at));
}

function putBack() {
  clearTimeout(pending.timer);
  pending.entry.querySelector(".bound")?.remove();
  pending = null;
  calm();
  say("It stays where it was.");
  caughtUp();
}

document.addEventListener("focusout", (event) => {
  if (pending?.entry === event.target && !document.hidden) putBack();
});

on("m", () => {
  const entry = entryOf(document.activeElement);
  if (!entry) return false;
  keep(entry.dataset.entry);
  entry.parentElement.querySelector(".to").click();
  return true;
});

on("w", () => {
  const watch = entryOf(document.activeElement)?.parentElement.querySelector(".watch");
  if (!watch) return false;
  keep(document.activeElement.dataset.entry);
  watch.click();
  return true;
});

// --- what others change meanwhile -------------------------------------------------------------------

let missed = false;
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target !== board() || !(dragged || pending)) return;
  event.preventDefault();
  missed = true;
});

function caughtUp() {
  if (!missed || dragged || pending) return;
  missed = false;
  board()?.dispatchEvent(new CustomEvent("live"));
}

let held = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  held = event.target === board() ? document.activeElement?.dataset?.entry : null;
});
document.addEventListener("htmx:afterSettle", () => {
  if (held) document.querySelector(`[data-entry="${held}"]`)?.focus({ preventScroll: true });
  held = null;
});

// --- where one was ----------------------------------------------------------------------------------

function back() {
  let was = null;
  try {
    was = JSON.parse(sessionStorage.getItem(FOCUS) ?? "null");
    if (was?.path === location.pathname) sessionStorage.removeItem(FOCUS);
  } catch {
    return;
  }
  if (was?.path !== location.pathname) return;
  scrollTo(0, was.y);
  const all = [...document.querySelectorAll(`[data-entry="${was.post}"]`)];
  (all.find((one) => one.dataset.wall) ?? all[0])?.focus();
}
back();

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-filters] select")) event.target.form.requestSubmit();
});
