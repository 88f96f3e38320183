// Toasts: what just happened, with its undo. They stay at least ten seconds, wait while someone reads them (pointer
// or focus on them, or the tab hidden), and those about something that went wrong stay until dismissed.
import { on } from "./keys.js";

const STAYS = 12_000;
const region = (tone) => document.getElementById(tone === "coral" ? "toasts-assertive" : "toasts-polite");

export function show({ text, undo = "", tone = "" }) {
  const shape = document.getElementById("toast-shape")?.content.firstElementChild;
  if (!shape || !text) return null;
  const toast = shape.cloneNode(true);
  toast.querySelector("p").textContent = text;
  if (tone) toast.classList.add(tone);
  const form = toast.querySelector("form");
  if (undo && new URL(undo, location.href).origin === location.origin) form.action = undo;
  else form?.remove();
  region(tone).append(toast);
  return toast;
}

export function say(text) {
  const quiet = document.getElementById("said");
  if (!quiet) return;
  quiet.textContent = "";
  setTimeout(() => (quiet.textContent = text), 50); // a change is announced, the same words twice are not
}

function mind(toast) {
  if (toast.dataset.minded) return;
  toast.dataset.minded = "yes";
  let left = STAYS;
  let read = false;
  let focused = false;
  toast.addEventListener("pointerenter", () => (read = true));
  toast.addEventListener("pointerleave", () => (read = false));
  toast.addEventListener("focusin", () => (focused = true));
  toast.addEventListener("focusout", () => (focused = false));
  toast.addEventListener("click", (event) => event.target.closest("[data-dismiss]") && toast.remove());
  toast.addEventListener("keydown", (event) => event.key === "Escape" && toast.remove());
  if (toast.classList.contains("coral")) return;
  const tick = setInterval(() => {
    if (!toast.isConnected) return clearInterval(tick);
    if (!read && !focused && !document.hidden) left -= 250;
    if (left <= 0) toast.remove();
  }, 250);
}

for (const live of [region(""), region("coral")]) {
  if (!live) continue;
  new MutationObserver(() => live.querySelectorAll(".toast").forEach(mind)).observe(live, { childList: true });
  // What came with the page is put in once more, so that a screen reader hears it.
  const came = [...live.children];
  if (came.length) setTimeout(() => live.append(...came), 150);
}

document.addEventListener("qd:toasts", (event) => event.detail.toasts?.forEach(show));

on("z", () => {
  const undo = [...document.querySelectorAll("#toasts [data-undo]")].at(-1);
  if (!undo) return false;
  undo.click();
  return true;
});
