// Files on their way in pieces, for any page that takes files. A lost connection is waited for; what had not arrived
// when the page was left goes on when it is opened again, because the browser keeps the file until the server has it.
const AT_ONCE = 2;
const PAUSES = [1, 2, 5, 10, 20, 30]; // seconds after a failure without an answer
const KEPT = 3 * 86_400_000; // as long as the server keeps what has come of a file

/** What is on its way from one page. `form` has a CSRF token, and `data-begin`, `data-largest`,
 * `data-largest-video`, `data-types`. */
export class Uploads {
  #form;
  #page;
  #place;
  #known = new Map(); // by key: what is on its way
  #queue = [];
  #running = 0;

  /** `name`: what of this page the files belong to, so that they go on only here. The page says `list(to)`: the list
  that shows a file's line; `told(words)`: says it aloud; `arrived(to, kept)`: the server has it, and what its line says
  then ({words, tone, link}), or nothing to take it away; `settled()`: nothing is on its way any more. */
  constructor(form, { name, ...page }) {
    this.#form = form;
    this.#page = page;
    this.#place = `${document.documentElement.dataset.user} ${name}`;
    this.#goOn();
  }

  get waiting() {
    return this.#running + this.#queue.length;
  }

  /** Send these files. `to` is plain data of the page's own, which comes back after a reload. */
  bring(files, to = null, fresh = true) {
    for (const file of files) {
      const key = keyOf(file);
      if (this.#known.has(key)) this.#known.get(key).to.push(to);
      else this.#take({ file, key, to: [to], shown: line(file) }, fresh);
    }
  }

  #take(one, fresh) {
    this.#page.list(one.to[0])?.append(one.shown.item);
    const words = barred(one.file, this.#form.dataset);
    if (words) return this.#end(one, `“${one.file.name}” was not added. ${words}`, { tone: "text-coral" });
    this.#known.set(one.key, one);
    const gone = new AbortController();
    Object.assign(one, { signal: gone.signal, abort: () => gone.abort() });
    one.shown.stop.addEventListener("click", () => this.#stop(one));
    if (fresh) store("readwrite", (files) => files.put({ place: this.#place, key: one.key, file: one.file, to: one.to[0], since: Date.now() }));
    this.#queue.push(one);
    return this.#next();
  }

  async #goOn() {
    const all = (await store("readonly", (files) => files.getAll())) ?? [];
    for (const one of all.filter((kept) => kept.place === this.#place)) {
      if (Date.now() - (one.since ?? Date.now()) > KEPT) this.#forget(one);
      else this.bring([one.file], one.to ?? null, false);
    }
  }

  async #next() {
    if (this.#running >= AT_ONCE || !this.#queue.length) return;
    this.#running += 1;
    await this.#send(this.#queue.shift());
    this.#running -= 1;
    if (!this.waiting) this.#page.settled();
    this.#next();
  }

  async #send(one) {
    while (!one.given) {
      try {
        const kept = await this.#forward(one);
        if (kept) this.#here(one, kept);
        return;
      } catch (error) {
        if (one.given) return;
        if (error.away) return this.#signedOut(one);
        one.failures = (one.failures ?? 0) + 1;
        const again = !error.refused || (one.failures <= 5 && [408, 409].includes(error.refused));
        if (!again) return this.#refused(one, error.message);
        await this.#wait(one);
      }
    }
  }

  async #forward(one) {
    const { file, signal } = one;
    one.at ??= await this.#begin(one);
    if (one.broken) this.#page.told(`The connection is back. “${file.name}” goes on.`);
    one.broken = false;
    while (one.at.offset < file.size && !one.given) {
      one.shown.bar.value = one.at.offset;
      this.#says(one, `${Math.floor((100 * one.at.offset) / file.size)} %`);
      const body = await file.slice(one.at.offset, one.at.offset + one.at.piece).arrayBuffer();
      const headers = { "Upload-Offset": String(one.at.offset), "Content-Type": "application/offset+octet-stream" };
      one.at = await this.#ask(one.at.url, { method: "PATCH", body, headers, signal });
      one.failures = 0;
    }
    if (one.given) return null;
    one.shown.bar.removeAttribute("value");
    this.#says(one, "is looked at");
    return this.#ask(one.at.complete, { method: "POST", signal });
  }

  #begin({ file, key, signal }) {
    const body = new FormData();
    for (const [field, value] of Object.entries({ key, name: file.name, size: file.size })) body.append(field, value);
    return this.#ask(this.#form.dataset.begin, { method: "POST", body, signal });
  }

  async #ask(url, options) {
    const headers = { "X-CSRFToken": this.#form.elements.csrfmiddlewaretoken.value, Accept: "application/json", ...options.headers };
    const answer = await fetch(url, { ...options, headers });
    if (answer.redirected) throw Object.assign(new Error(), { away: true });
    if (answer.status >= 500) throw new Error("later");
    const said = answer.status === 204 ? {} : await answer.json().catch(() => ({}));
    if (answer.ok) return said;
    throw Object.assign(new Error([said.title, said.detail].filter(Boolean).join(" ")), { refused: answer.status });
  }

  async #wait(one) {
    one.at = null; // how far it has come is asked anew
    this.#says(one, "waits for the connection");
    if (!one.broken) this.#page.told(`The connection broke. “${one.file.name}” goes on by itself when it is back.`);
    one.broken = true;
    await pause(one, PAUSES[Math.min(one.failures, PAUSES.length) - 1]);
  }

  // --- how it ends -----------------------------------------------------------------------------------------

  #here(one, kept) {
    this.#forget(one);
    const [answer] = one.to.map((to) => this.#page.arrived(to, kept));
    if (answer) this.#end(one, answer.words, answer);
    else one.shown.item.remove();
  }

  #refused(one, words) {
    this.#forget(one);
    if (one.at) this.#ask(one.at.url, { method: "DELETE" }).catch(() => {});
    this.#end(one, words.includes("was not") ? words : `“${one.file.name}” was not added. ${words}`, { tone: "text-coral" });
  }

  // The browser keeps it: it goes on when the page is opened again.
  #signedOut(one) {
    this.#known.delete(one.key);
    this.#end(one, `“${one.file.name}” was not added: you may have been signed out. Sign in in another tab, then reload this page; it goes on.`, { tone: "text-coral" });
  }

  #stop(one) {
    one.given = true;
    this.#refused(one, "You gave it up.");
    one.abort();
    one.wake?.();
    const at = this.#queue.indexOf(one);
    if (at >= 0) this.#queue.splice(at, 1);
  }

  #forget({ key }) {
    this.#known.delete(key);
    store("readwrite", (files) => files.delete([this.#place, key]));
  }

  // --- what a person sees ----------------------------------------------------------------------------------

  #says(one, words) {
    this.#stand(one);
    one.shown.state.textContent = words;
  }

  #end(one, words, { tone = "", link } = {}) {
    const { item, name } = one.shown;
    this.#stand(one);
    item.replaceChildren(name, ...(link ? [link] : []));
    name.textContent = words;
    name.className = tone;
    this.#page.told(words);
  }

  // What a page draws anew may lose a line: it is put back where its file belongs now.
  #stand(one) {
    if (!one.shown.item.isConnected) this.#page.list(one.to[0])?.append(one.shown.item);
  }
}

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

function barred(file, { types, largest, largestVideo }) {
  if (file.type && !types.split(",").includes(file.type)) return "It is neither a JPEG, PNG, GIF or WebP picture nor an MP4 or MOV video.";
  const most = Number(file.type.startsWith("image/") ? largest : largestVideo);
  return file.size > most ? `It is larger than the ${Math.floor(most / 2 ** 20)} MB that are taken.` : "";
}

// Ends early when the connection is back, or when somebody gives up.
function pause(one, seconds) {
  return new Promise((resolve) => {
    const timer = setTimeout(() => one.wake(), seconds * 1000);
    one.wake = () => (clearTimeout(timer), removeEventListener("online", one.wake), resolve());
    addEventListener("online", one.wake);
  });
}

// Kept in this browser until it has arrived.
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
