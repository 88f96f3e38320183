// The words that follow from what was typed are put into their fields for as long as nobody wrote there.
const fields = () => document.querySelectorAll("[data-proposed]");
const proposal = (field) => document.querySelector(`template[data-proposal="${field.dataset.proposed}"]`)?.content.textContent;

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

// Whoever typed before the page was ready typed for nobody: it is looked at once everything stands.
addEventListener("load", () => {
  const form = document.querySelector("form.steps");
  const typed = [...(form?.querySelectorAll("textarea, input") ?? [])].find((one) => one.value !== one.defaultValue);
  typed?.dispatchEvent(new Event("input", { bubbles: true }));
});
