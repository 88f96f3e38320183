// Dialogs: data-opens="id" opens one, data-dismiss closes what it stands in, a click beside a dialog closes it.
import { on } from "./keys.js";

export function open(id) {
  const dialog = document.getElementById(id);
  if (!dialog?.showModal) return false;
  if (!dialog.open) {
    for (const menu of document.querySelectorAll("[popover]:popover-open")) menu.hidePopover();
    dialog.showModal();
    dialog.dispatchEvent(new CustomEvent("qd:open"));
  }
  return true;
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener && !event.ctrlKey && !event.metaKey && open(opener.dataset.opens)) {
    event.preventDefault();
    return;
  }
  const dialog = event.target.closest("dialog");
  if (event.target.closest("[data-dismiss]")) dialog?.close();
  else if (dialog && event.target === dialog && beside(dialog, event)) dialog.close();
});

function beside(dialog, { clientX: x, clientY: y }) {
  const box = dialog.getBoundingClientRect();
  return x < box.left || x > box.right || y < box.top || y > box.bottom;
}

on("?", () => open("keys"));
