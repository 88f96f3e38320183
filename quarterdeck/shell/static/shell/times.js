// Times: those that say "3 h ago" stay true while the page is open, and each <time> tells the whole truth in its title,
// in the person's own zone (html[data-zone]), which need not be the browser's.
const zone = document.documentElement.dataset.zone || "UTC";
const full = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "medium", timeZone: zone });
const UNITS = [["day", 86_400], ["h", 3600], ["min", 60]];

function ago(seconds) {
  const size = Math.abs(seconds);
  const unit = UNITS.find(([, length]) => size >= length);
  if (!unit) return "now";
  const number = Math.floor(size / unit[1]);
  const name = unit[0] === "day" && number > 1 ? "days" : unit[0];
  return seconds > 0 ? `${number} ${name} ago` : `in ${number} ${name}`;
}

function refresh() {
  for (const time of document.querySelectorAll("time[datetime]")) {
    const at = Date.parse(time.dateTime);
    if (Number.isNaN(at)) continue;
    if (!time.title && time.dateTime.includes("T")) time.title = `${full.format(at)} ${zone}`;
    if ("relative" in time.dataset) {
      const words = ago((Date.now() - at) / 1000);
      if (time.textContent !== words) time.textContent = words;
    }
  }
}

refresh();
setInterval(() => document.hidden || refresh(), 30_000);
document.addEventListener("htmx:afterSettle", refresh);
document.addEventListener("visibilitychange", () => document.hidden || refresh());
