// Files for the library, chosen or dropped, sent in pieces. A lost connection is waited for; what had not arrived when
// the page was left goes on when it is opened again, because the browser keeps the file until the server has it.
const form = document.querySelector("[data-bring]");
const list = form?.querySelector("[data-uploads]");
const AT_ONCE = 2;
const PAUSES = [1, 2, 5, 10, 20, 30]; // seconds after a failure without an answer
const waiting = [];
const known = new Set();
let running = 0;

// --- kept in this browser until it has arrived -----------------------------------------------------------

const place = () => `${document.documentElement.dataset.user} ${form.dataset.begin}`;

function store(mode, act) {
  return new Promise((resolve) => {
    try {
      const opening = indexedDB.open("qd.uploads", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("files", { keyPath: ["place", "key"] });
      opening.onerror = () => resolve(null);
      opening.onsuccess = () => {
        const asked = act(opening.result.transaction("files", mode).objectStore("files"));
        asked.onsuccess = () => resolve(asked.result);
        asked.onerror = () => resolve(null);
      };
    } catch {
      resolve(null); // a browser that keeps nothing begins anew after a reload
    }
  });
}

function keyOf(file) {
  let hash = 0x811c9dc5;
  for (const letter of file.name) hash = Math.imul(hash ^ letter.codePointAt(0), 0x01000193) >>> 0;
  return `${hash.toString(16)}.${file.size}.${file.lastModified}`;
}

// --- what a person sees ----------------------------------------------------------------------------------

function line(file) {
  const item = document.createElement("li");
  item.className = "meter";
  const name = Object.assign(document.createElement("span"), { textContent: file.name });
  const state = Object.assign(document.createElement("b"), { textContent: "waits" });
  const bar = Object.assign(document.createElement("progress"), { max: file.size || 1, value: 0 });
  bar.setAttribute("aria-label", file.name);
  const stop = Object.assign(document.createElement("button"), { type: "button", className: "quiet small said", textContent: "Give up" });
  stop.setAttribute("aria-label", `Give up ${file.name}`);
  item.append(name, state, bar, stop);
  list.append(item);
  return { item, name, state, bar, stop };
}

function end(one, words, tone = "") {
  one.shown.bar.remove();
  one.shown.stop.remove();
  one.shown.state.remove();
  one.shown.name.textContent = words;
  one.shown.name.className = tone;
  form.querySelector("[data-told]").textContent = words;
}

// --- sending ---------------------------------------------------------------------------------------------

const headers = () => ({ "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, Accept: "application/json" });

async function ask(url, options = {}) {
  const answer = await fetch(url, { ...options, headers: { ...headers(), ...options.headers } });
  const told = answer.status === 204 ? {} : await answer.json().catch(() => ({}));
  if (answer.redirected || answer.status >= 500) throw new Error("later");
  if (answer.ok) return told;
  throw Object.assign(new Error([told.title, told.detail].filter(Boolean).join(" ")), { refused: answer.status });
}

function pause(seconds) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, seconds * 1000);
    addEventListener("online", () => (clearTimeout(timer), resolve()), { once: true });
  });
}

async function begin(file, key) {
  const body = new FormData();
  for (const [name, value] of Object.entries({ key, name: file.name, size: file.size })) body.append(name, value);
  return ask(form.dataset.begin, { method: "POST", body });
}

async function forward(one) {
  const { file } = one;
  one.at ??= await begin(file, one.key);
  while (one.at.offset < file.size && !one.given) {
    one.shown.bar.value = one.at.offset;
    one.shown.state.textContent = `${Math.floor((100 * one.at.offset) / file.size)} %`;
    const body = await file.slice(one.at.offset, one.at.offset + one.at.piece).arrayBuffer();
    const at = { "Upload-Offset": String(one.at.offset), "Content-Type": "application/offset+octet-stream" };
    one.at = await ask(one.at.url, { method: "PATCH", body, headers: at });
    one.failures = 0;
  }
  if (one.given) return null;
  one.shown.bar.removeAttribute("value");
  one.shown.state.textContent = "is looked at";
  return ask(one.at.complete, { method: "POST" });
}

async function send(one) {
  for (;;) {
    try {
      const kept = await forward(one);
      if (kept) arrived(one, kept);
      return;
    } catch (error) {
      if (one.given) return;
      one.failures = (one.failures ?? 0) + 1;
      if (error.refused && error.refused !== 409 && error.refused !== 408) return refused(one, error.message);
      if (error.refused && one.failures > 5) return refused(one, error.message);
      one.at = null; // how far it has come is asked anew
      one.shown.state.textContent = "waits for the connection";
      await pause(PAUSES[Math.min(one.failures, PAUSES.length) - 1]);
    }
  }
}

function arrived(one, kept) {
  forget(one);
  end(one, kept.aside ? `“${kept.name}” is here already, and was put aside.` : `“${kept.name}” is in the library.`);
  one.shown.item.append(Object.assign(document.createElement("a"), { href: kept.page, textContent: "Describe it" }));
}

function refused(one, words) {
  forget(one);
  if (one.at) ask(one.at.url, { method: "DELETE" }).catch(() => {});
  end(one, words.includes("was not") ? words : `“${one.file.name}” was not added. ${words}`, "text-coral");
}

function forget(one) {
  known.delete(one.key);
  store("readwrite", (files) => files.delete([place(), one.key]));
}

async function next() {
  if (running >= AT_ONCE || !waiting.length) return;
  running += 1;
  const one = waiting.shift();
  await send(one);
  running -= 1;
  if (!running && !waiting.length) document.getElementById("shelf")?.dispatchEvent(new Event("qd:shelf"));
  next();
}

function bring(files, fresh = true) {
  for (const file of files) {
    const one = { file, key: keyOf(file) };
    if (known.has(one.key)) continue;
    one.shown = line(file);
    const types = form.dataset.types.split(",");
    if (file.type && !types.includes(file.type)) {
      end(one, `“${file.name}” was not added. It is neither a JPEG, PNG, GIF or WebP picture nor an MP4 or MOV video.`, "text-coral");
      continue;
    }
    const most = Number(file.type.startsWith("image/") ? form.dataset.largest : form.dataset.largestVideo);
    if (file.size > most) {
      end(one, `“${file.name}” was not added. It is larger than the ${Math.floor(most / 2 ** 20)} MB that are taken.`, "text-coral");
      continue;
    }
    known.add(one.key);
    one.shown.stop.addEventListener("click", () => {
      one.given = true;
      refused(one, "You gave it up.");
      const at = waiting.indexOf(one);
      if (at >= 0) waiting.splice(at, 1);
    });
    if (fresh) store("readwrite", (kept) => kept.put({ place: place(), key: one.key, file }));
    waiting.push(one);
    next();
  }
}

// --- chosen, dropped, gone on with -----------------------------------------------------------------------

function ticking() {
  const button = document.querySelector("[data-tick-all]");
  if (button) button.hidden = false;
}

if (form) {
  form.classList.add("scripted");
  form.addEventListener("change", ({ target }) => {
    if (target.type !== "file") return;
    bring([...target.files]);
    target.value = "";
  });
  for (const type of ["dragover", "drop"]) {
    document.addEventListener(type, (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      form.classList.toggle("dropping", type === "dragover");
      if (type === "drop") bring([...event.dataTransfer.files]);
    });
  }
  document.addEventListener("dragleave", (event) => event.relatedTarget || form.classList.remove("dropping"));
  store("readonly", (files) => files.getAll()).then((all) => {
    bring((all ?? []).filter((one) => one.place === place()).map((one) => one.file), false);
  });
}
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-tick-all]")) return;
  for (const box of document.querySelectorAll("#shelf [name=file]")) box.checked = true;
});
document.addEventListener("htmx:afterSettle", ticking);
ticking();
