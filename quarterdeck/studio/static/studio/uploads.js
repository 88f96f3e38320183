// Files on their way in pieces, for any page that takes files. A lost connection is waited for; what had not arrived
// when the page was left goes on when it is opened again, because the browser keeps the file until the server has it.
const AT_ONCE = 2;
const PAUSES = [1, 2, 5, 10, 20, 30]; // seconds after a failure without an answer
const KEPT = 3 * 86_400_000; // as long as the server keeps what has come of a file

/** {bring(files, to), waiting()} for a form with a CSRF token, and `data-begin`, `data-largest`, `data-types`.
`name`: what of this page the files belong to, so that they go on only here. `to` is plain data of the page's own; it
comes back after a reload. `list(to)`: the list that shows a file's line. `told(words)`: says it aloud.
`arrived(to, kept)`: the server has it; answers {words, tone, link} for its line, or nothing to take the line away.
`settled()`: nothing is on its way any more. */
export function uploads(form, { name, list, told, arrived, settled }) {
  const waiting = [];
  const known = new Map(); // by key: what is on its way
  const place = `${document.documentElement.dataset.user} ${name}`;
  let running = 0;

  // --- what a person sees ----------------------------------------------------------------------------------

  function line(file) {
    const item = element("li", "meter");
    const name = element("span", "", file.name);
    const state = element("b", "", "waits");
    const bar = Object.assign(element("progress"), { max: file.size || 1, value: 0 });
    bar.setAttribute("aria-label", file.name);
    const stop = Object.assign(element("button", "quiet small said", "Give up"), { type: "button" });
    stop.setAttribute("aria-label", `Give up ${file.name}`);
    item.append(name, state, bar, stop);
    return { item, name, state, bar, stop };
  }

  // What a page draws anew may lose a line: it is put back where its file belongs now.
  function says(one, words) {
    if (!one.shown.item.isConnected) list(one.to[0])?.append(one.shown.item);
    one.shown.state.textContent = words;
  }

  function end(one, words, { tone = "", link } = {}) {
    const { item, name } = one.shown;
    if (!item.isConnected) list(one.to[0])?.append(item);
    item.replaceChildren(name, ...(link ? [link] : []));
    name.textContent = words;
    name.className = tone;
    told(words);
  }

  // --- sending ---------------------------------------------------------------------------------------------

  const headers = () => ({ "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, Accept: "application/json" });

  async function ask(url, options = {}) {
    const answer = await fetch(url, { ...options, headers: { ...headers(), ...options.headers } });
    if (answer.redirected) throw Object.assign(new Error(), { away: true });
    const said = answer.status === 204 ? {} : await answer.json().catch(() => ({}));
    if (answer.status >= 500) throw new Error("later");
    if (answer.ok) return said;
    throw Object.assign(new Error([said.title, said.detail].filter(Boolean).join(" ")), { refused: answer.status });
  }

  async function begin({ file, key }) {
    const body = new FormData();
    for (const [field, value] of Object.entries({ key, name: file.name, size: file.size })) body.append(field, value);
    return ask(form.dataset.begin, { method: "POST", body });
  }

  async function forward(one) {
    const { file } = one;
    one.at ??= await begin(one);
    if (one.broken) told(`The connection is back. “${file.name}” goes on.`);
    one.broken = false;
    while (one.at.offset < file.size && !one.given) {
      one.shown.bar.value = one.at.offset;
      says(one, `${Math.floor((100 * one.at.offset) / file.size)} %`);
      const body = await file.slice(one.at.offset, one.at.offset + one.at.piece).arrayBuffer();
      const at = { "Upload-Offset": String(one.at.offset), "Content-Type": "application/offset+octet-stream" };
      one.at = await ask(one.at.url, { method: "PATCH", body, headers: at });
      one.failures = 0;
    }
    if (one.given) return null;
    one.shown.bar.removeAttribute("value");
    says(one, "is looked at");
    return ask(one.at.complete, { method: "POST" });
  }

  async function send(one) {
    while (!one.given) {
      try {
        const kept = await forward(one);
        if (kept) here(one, kept);
        return;
      } catch (error) {
        if (one.given) return;
        if (error.away) return signedOut(one);
        one.failures = (one.failures ?? 0) + 1;
        if (error.refused && error.refused !== 409 && error.refused !== 408) return refused(one, error.message);
        if (error.refused && one.failures > 5) return refused(one, error.message);
        one.at = null; // how far it has come is asked anew
        says(one, "waits for the connection");
        if (!one.broken) told(`The connection broke. “${one.file.name}” goes on by itself when it is back.`);
        one.broken = true;
        await pause(one, PAUSES[Math.min(one.failures, PAUSES.length) - 1]);
      }
    }
  }

  function here(one, kept) {
    forget(one);
    const answers = one.to.map((to) => arrived(to, kept));
    if (answers[0]) end(one, answers[0].words, answers[0]);
    else one.shown.item.remove();
  }

  function refused(one, words) {
    forget(one);
    if (one.at) ask(one.at.url, { method: "DELETE" }).catch(() => {});
    end(one, words.includes("was not") ? words : `“${one.file.name}” was not added. ${words}`, { tone: "text-coral" });
  }

  // The browser keeps it: it goes on when the page is opened again.
  function signedOut(one) {
    known.delete(one.key);
    end(one, `“${one.file.name}” was not added: you may have been signed out. Sign in in another tab, then reload this page; it goes on.`, { tone: "text-coral" });
  }

  function forget(one) {
    known.delete(one.key);
    store("readwrite", (files) => files.delete([place, one.key]));
  }

  async function next() {
    if (running >= AT_ONCE || !waiting.length) return;
    running += 1;
    await send(waiting.shift());
    running -= 1;
    if (!running && !waiting.length) settled();
    next();
  }

  // --- what comes ------------------------------------------------------------------------------------------

  function barred(file) {
    if (file.type && !form.dataset.types.split(",").includes(file.type)) return "It is not a JPEG, PNG, GIF or WebP picture.";
    return file.size > Number(form.dataset.largest) ? "It is larger than the 20 MB that are taken." : "";
  }

  function bring(files, to = null, fresh = true) {
    for (const file of files) {
      const key = keyOf(file);
      if (known.has(key)) {
        known.get(key).to.push(to);
        continue;
      }
      const one = { file, key, to: [to], shown: line(file) };
      list(to)?.append(one.shown.item);
      const words = barred(file);
      if (words) {
        end(one, `“${file.name}” was not added. ${words}`, { tone: "text-coral" });
        continue;
      }
      known.set(key, one);
      one.shown.stop.addEventListener("click", () => stop(one));
      if (fresh) store("readwrite", (kept) => kept.put({ place, key, file, to, since: Date.now() }));
      waiting.push(one);
      next();
    }
  }

  function stop(one) {
    one.given = true;
    refused(one, "You gave it up.");
    one.wake?.();
    const at = waiting.indexOf(one);
    if (at >= 0) waiting.splice(at, 1);
  }

  function pause(one, seconds) {
    return new Promise((resolve) => {
      one.wake = () => (clearTimeout(timer), removeEventListener("online", one.wake), resolve());
      const timer = setTimeout(one.wake, seconds * 1000);
      addEventListener("online", one.wake);
    });
  }

  store("readonly", (files) => files.getAll()).then((all) => {
    for (const one of (all ?? []).filter((kept) => kept.place === place)) {
      if (Date.now() - (one.since ?? Date.now()) > KEPT) store("readwrite", (files) => files.delete([place, one.key]));
      else bring([one.file], one.to ?? null, false);
    }
  });

  return { bring, waiting: () => running + waiting.length };
}

// --- kept in this browser until it has arrived -----------------------------------------------------------------

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

function element(tag, className = "", words = "") {
  return Object.assign(document.createElement(tag), { className, textContent: words });
}
