// The command palette (Ctrl K, Cmd K): every action by its words, what the rooms find beside it, all from the keyboard.
// Options are addresses; a command's shortcut also works without the palette, which is how the palette teaches it.
import { open } from "./dialogs.js";
import { on } from "./keys.js";

const dialog = document.getElementById("palette");
const box = document.getElementById("palette-words");
const commands = document.getElementById("palette-commands");
const found = document.getElementById("palette-found");
const count = document.getElementById("palette-count");

const plain = (words) => words.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");

function go(option) {
  if (!option?.dataset.href) return;
  const address = new URL(option.dataset.href, location);
  // The answer of the server may still be about fewer letters than stand in the box by now.
  if (option.id === "hit-all") address.searchParams.set("q", box.value.trim());
  location.assign(address);
}

const shown = () => [...dialog.querySelectorAll("[role=option]:not([hidden])")];

function choose(option) {
  for (const other of dialog.querySelectorAll("[aria-selected=true]")) other.setAttribute("aria-selected", "false");
  if (!option) return box.removeAttribute("aria-activedescendant");
  option.setAttribute("aria-selected", "true");
  option.scrollIntoView({ block: "nearest" });
  return box.setAttribute("aria-activedescendant", option.id);
}

// Every typed word must begin a word of the command: "ca" finds Calendar, "p n" finds "New post".
function fits(option, words) {
  const parts = plain(option.dataset.words).split(/[\s,/·…]+/);
  return words.every((word) => parts.some((part) => part.startsWith(word)));
}

function filter() {
  const words = plain(box.value).split(/\s+/).filter(Boolean);
  for (const option of commands.children) option.hidden = !fits(option, words);
  if (box.value.trim().length < 2) found.replaceChildren();
  settle();
}

function settle() {
  const options = shown();
  const hits = options.filter((option) => found.contains(option) && option.id !== "hit-all").length;
  const actions = options.filter((option) => commands.contains(option)).length;
  const parts = [actions && `${actions} ${actions === 1 ? "action" : "actions"}`, hits && `${hits} found`];
  count.textContent = parts.filter(Boolean).join(", ") || "No action of this name";
  choose(options.find((option) => option.getAttribute("aria-selected") === "true") ?? options[0]);
}

function move(by) {
  const options = shown();
  const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (options.length) choose(options[(at + by + options.length) % options.length]);
}

const MOVES = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };

if (dialog) {
  dialog.addEventListener("qd:open", () => {
    box.value = "";
    found.replaceChildren();
    filter();
    choose(shown()[0]);
    box.focus();
  });
  box.addEventListener("input", filter);
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key in MOVES) move(MOVES[event.key]);
    else if (event.key === "Enter") go(dialog.querySelector("[aria-selected=true]:not([hidden])"));
    else return;
    event.preventDefault();
  });
  dialog.addEventListener("click", (event) => go(event.target.closest("[role=option]")));
  dialog.addEventListener("pointermove", (event) => {
    const option = event.target.closest("[role=option]");
    if (option && option.getAttribute("aria-selected") !== "true") choose(option);
  });
  found.addEventListener("htmx:afterSwap", settle);
  document.addEventListener("keydown", (event) => {
    if (event.key?.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (dialog.open) dialog.close();
    else open("palette");
  });
  for (const option of commands.querySelectorAll("[data-shortcut]")) {
    on(option.dataset.shortcut, () => void go(option));
  }
}
