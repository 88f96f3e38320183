// Nothing typed is lost on reload: <textarea data-keep="key"> is kept in this browser every two seconds, for this
// person, for fourteen days, and put back with a line that says so. A form that went through clears its own.
const EVERY = 2000;
const DAYS = 14 * 86_400_000;
const LONGEST = 200_000; // characters: local storage is small
const PREFIX = `qd.keep.${document.documentElement.dataset.user ?? "anyone"}.`;

const fields = () => document.querySelectorAll("textarea[data-keep]:not([data-later])"); // later: said by qd:fields
const name = (field) => PREFIX + field.dataset.keep;

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function write(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A full or forbidden storage keeps nothing; the page works on without.
  }
}

function keep(field) {
  const key = name(field);
  if (field.value === field.dataset.kept || field.value.length > LONGEST) return;
  field.dataset.kept = field.value;
  write(key, field.value === field.defaultValue ? null : { text: field.value, at: Date.now() });
}

function restore(field) {
  if (field.dataset.kept !== undefined) return;
  const saved = read(name(field));
  field.dataset.kept = field.value;
  if (!saved || saved.text === field.value) return;
  const given = field.value;
  field.value = field.dataset.kept = saved.text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.after(line(field, saved, given));
}

function line(field, saved, given) {
  const at = new Intl.DateTimeFormat("en-GB", { timeStyle: "short" }).format(saved.at);
  const day = new Date(saved.at).toDateString() === new Date().toDateString() ? "" : ` on ${new Date(saved.at).toLocaleDateString("en-GB")}`;
  const words = document.createElement("p");
  words.className = "kept";
  words.setAttribute("role", "status");
  const discard = document.createElement("button");
  discard.type = "button";
  discard.className = "quiet small";
  discard.textContent = "Discard";
  discard.addEventListener("click", () => {
    field.value = field.dataset.kept = given;
    write(name(field), null);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    words.remove();
    field.focus();
  });
  words.append(`Restored what you typed at ${at}${day}. `, discard);
  return words;
}

// Sent, but did it arrive? The next page knows: one without this field and without a refusal means it went through.
function sent(form) {
  for (const field of form.querySelectorAll?.("textarea[data-keep]") ?? []) {
    keep(field);
    const saved = read(name(field));
    if (saved) write(name(field), { ...saved, sent: true });
  }
}

function clear(form) {
  for (const field of form.querySelectorAll?.("textarea[data-keep]") ?? []) {
    write(name(field), null);
    field.dataset.kept = field.value;
  }
}

function tidy() {
  const refused = document.querySelector("[data-problem-page]");
  const here = new Set([...document.querySelectorAll("textarea[data-keep]")].map(name));
  for (const key of Object.keys(localStorage)) {
    if (!key.startsWith("qd.keep.")) continue;
    const saved = read(key);
    const over = saved?.sent && key.startsWith(PREFIX) && !refused && !here.has(key);
    if (!saved || over || Date.now() - saved.at > DAYS) write(key, null);
  }
}

try {
  tidy();
} catch {
  // No storage at all: nothing to tidy.
}
fields().forEach(restore);
document.addEventListener("htmx:afterSettle", () => fields().forEach(restore));
document.addEventListener("qd:fields", () => fields().forEach(restore));
setInterval(() => fields().forEach(keep), EVERY);
addEventListener("pagehide", () => fields().forEach(keep));
document.addEventListener("submit", (event) => event.defaultPrevented || sent(event.target));
document.addEventListener("htmx:afterRequest", (event) => {
  const { successful, xhr, elt } = event.detail;
  if (successful && !xhr.getResponseHeader("X-Problem") && elt.matches?.("form")) clear(elt);
});
