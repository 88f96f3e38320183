// <input data-detect-timezone> offers the browser's own time zone when nothing better was chosen yet. Words marked
// data-zone-differs are shown when the person's zone (html[data-zone]) and this browser's clock tell different times.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

for (const field of document.querySelectorAll("[data-detect-timezone]")) {
  const chosen = field.value && field.value !== "UTC";
  const known = field.options ? [...field.options].some((option) => option.value === zone) : true;
  if (zone && known && !chosen && !document.querySelector("[aria-invalid=true]")) {
    field.value = zone;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

// Compared by what clocks show in both halves of the year: one place has many names (Europe/Kiev, Europe/Kyiv).
function differs(theirs) {
  const at = (timeZone, day) => new Date(day).toLocaleString("en-GB", { timeZone });
  const now = Date.now();
  try {
    return [now, now + 182 * 86_400_000].some((day) => at(theirs, day) !== at(zone, day));
  } catch {
    return false; // a name this browser does not know: nothing honest can be said
  }
}

function compare() {
  const theirs = document.documentElement.dataset.zone;
  for (const words of document.querySelectorAll("[data-zone-differs]")) {
    words.hidden = !zone || !theirs || !differs(theirs);
    const name = words.querySelector("[data-zone-name]");
    if (name) name.textContent = zone;
  }
}

compare();
document.addEventListener("htmx:afterSettle", compare);
