// The words that follow from what was typed are put into their fields for as long as nobody wrote there. What was typed
// is kept a moment after the last key (_proposed.html), and what is younger than that when the page is left.
const form = document.querySelector("form.steps");
const fields = () => document.querySelectorAll("[data-proposed]");
const proposal = (field) => document.querySelector(`template[data-proposal="${field.dataset.proposed}"]`)?.content.textContent;
let fresh = false;

for (const field of fields()) {
  if (field.value.trim() !== (proposal(field) ?? "").trim()) field.dataset.own = "";
  field.addEventListener("input", () => (field.dataset.own = ""));
}

document.addEventListener("htmx:afterSettle", () => {
  for (const field of fields()) {
    const words = proposal(field);
    if (words !== undefined && !("own" in field.dataset) && field.value !== words) field.value = words;
  }
});

form?.addEventListener("input", () => (fresh = true));
form?.addEventListener("submit", () => (fresh = false));
document.addEventListener("htmx:beforeSend", ({ target }) => {
  if (target.id === "proposed") fresh = false;
});
addEventListener("pagehide", () => {
  const address = document.getElementById("proposed")?.getAttribute("hx-post");
  if (fresh && address) navigator.sendBeacon(address, new FormData(form));
});

// Whoever typed before the page was ready typed for nobody: it is looked at once everything stands.
addEventListener("load", () => {
  const typed = [...(form?.querySelectorAll("textarea, input") ?? [])].find((one) => one.value !== one.defaultValue);
  typed?.dispatchEvent(new Event("input", { bubbles: true }));
});
