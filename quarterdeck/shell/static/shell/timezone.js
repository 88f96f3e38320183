// <select data-detect-timezone> offers the browser's own time zone when nothing better was chosen yet.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

for (const field of document.querySelectorAll("[data-detect-timezone]")) {
  const chosen = field.value && field.value !== "UTC";
  const known = field.options ? [...field.options].some((option) => option.value === zone) : true;
  if (zone && known && !chosen && !document.querySelector("[aria-invalid=true]")) {
    field.value = zone;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}
