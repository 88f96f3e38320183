// Live pages. One event stream per browser and workspace, however many tabs: the tab that holds the lock reads the
// stream and tells the others. Nothing is read while no tab is visible. Events carry ids only: parts of the page that
// say data-live="topic" or data-live="topic:id" are fetched again (htmx, the permission is checked again there).
//
//   <section data-live="publishing.post:7 channels.channel" hx-get="/w/x/posts/7/state" hx-trigger="live">
//
// Modules may also listen on document for "qd:<topic>" ({detail: {id}}) and "qd:resync".

const JITTER = 400; // ms: two hundred open pages must not all ask in the same millisecond
const HIDDEN_GRACE = 10_000; // ms a hidden tab keeps the stream, so that switching tabs does not reopen it
const REMEMBERED = 30_000; // ms of events kept for tabs that open later
const SILENT = 50_000; // ms; the server says something every twenty seconds
const WORDS_AFTER = 5_000; // ms without a stream before the page says so
const LONGEST_PAUSE = 30_000; // ms between attempts

const slug = document.body.dataset.workspace;
const me = `${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`;
const now = () => performance.now();

// --- parts of the page ------------------------------------------------------------------------------

const waiting = new Map(); // element -> timer, or null while it waits for its tab or its reader

function stale(element) {
  if (waiting.has(element)) return;
  waiting.set(element, document.hidden ? null : setTimeout(fetchAgain, Math.random() * JITTER, element));
}

function isBeingUsed(element) {
  const active = document.activeElement;
  const typing = active?.matches?.("input, textarea, select, [contenteditable]") && element.contains(active);
  return typing || element.querySelector("dialog[open]") !== null;
}

function fetchAgain(element) {
  if (!element.isConnected) return void waiting.delete(element);
  if (document.hidden || isBeingUsed(element)) return void waiting.set(element, null);
  waiting.delete(element);
  const trigger = element.getAttribute("hx-trigger") ?? "";
  if (/\blive\b/.test(trigger)) element.dispatchEvent(new CustomEvent("live"));
  else if (element.hasAttribute("hx-get")) htmx.ajax("GET", element.getAttribute("hx-get"), { source: element });
}

function again() {
  for (const [element, timer] of waiting) {
    if (timer !== null) continue;
    waiting.set(element, setTimeout(fetchAgain, Math.random() * JITTER, element));
  }
}
document.addEventListener("focusout", () => setTimeout(again, 100));
document.addEventListener("close", again, true);

function changed(topics) {
  for (const [topic, ids] of Object.entries(topics)) {
    const wanted = new Set([topic, ...ids.map((id) => `${topic}:${id}`)]);
    for (const element of document.querySelectorAll("[data-live]")) {
      if (element.dataset.live.split(/\s+/).some((one) => wanted.has(one))) stale(element);
    }
    for (const id of ids) document.dispatchEvent(new CustomEvent(`qd:${topic}`, { detail: { id } }));
  }
}

function resync() {
  document.querySelectorAll("[data-live]").forEach(stale);
  document.dispatchEvent(new CustomEvent("qd:resync"));
}

// --- the line that says so --------------------------------------------------------------------------

let line = null;
let lineTimer = null;

function standing(up) {
  clearTimeout(lineTimer);
  lineTimer = null;
  if (up) {
    if (line) line.hidden = true;
    return;
  }
  lineTimer = setTimeout(() => {
    if (!line) {
      line = document.createElement("p");
      line.className = "live-line";
      line.setAttribute("role", "status");
      document.body.append(line);
    }
    line.textContent = "Reconnecting… what you see may be old.";
    line.hidden = false;
  }, WORDS_AFTER);
}

// --- tabs among themselves --------------------------------------------------------------------------

const channel = slug && "BroadcastChannel" in window ? new BroadcastChannel(`qd-live-${slug}`) : null;
let heardAt = 0; // when this page last knew the truth; zero is when it was asked for
let synced = false; // whether what this page missed while it loaded was asked for and answered
let recent = []; // [when, topics] of the tab that reads

function hear(message) {
  if (message.topics) changed(message.topics);
  if (message.resync) resync();
  if (message.up !== undefined) standing(message.up);
  if (message.up !== false) heardAt = now();
}

const ask = () => channel?.postMessage({ ask: me, age: now() - heardAt + 1000 });

function tell(message) {
  hear(message);
  channel?.postMessage(message);
}

// A tab that opens while another reads asks what it missed since it was rendered.
function answer({ ask, age }) {
  if (!source) return;
  const since = now() - age;
  const resync = age > REMEMBERED || (openedAt ?? Infinity) > since;
  const topics = {};
  for (const [when, found] of recent) {
    if (when < since) continue;
    for (const [topic, ids] of Object.entries(found)) (topics[topic] ??= []).push(...ids);
  }
  channel.postMessage({ to: ask, up: openedAt !== null, ...(resync ? { resync } : { topics }) });
}

channel?.addEventListener("message", ({ data }) => {
  if (data.ask) return answer(data);
  if (data.to && data.to !== me) return;
  if (data.to) synced = true;
  else if (!synced) ask();
  hear(data);
});

// --- the stream, in the tab that reads --------------------------------------------------------------

let source = null;
let openedAt = null;
let lastSign = 0;
let pause = 0;
let retry = null;
let reading = false;
let leave = stop;

function open() {
  clearTimeout(retry);
  const age = ((now() - heardAt) / 1000 + 1).toFixed(1);
  source = new EventSource(`/live/stream?workspace=${encodeURIComponent(slug)}&age=${age}`);
  lastSign = now();
  source.addEventListener("hello", () => {
    pause = 0;
    openedAt = lastSign = now();
    recent = [];
    synced = true;
    tell({ up: true });
  });
  source.addEventListener("changed", ({ data }) => {
    lastSign = now();
    const topics = JSON.parse(data);
    recent = recent.filter(([when]) => when > now() - REMEMBERED).concat([[now(), topics]]);
    tell({ topics });
  });
  source.addEventListener("resync", () => {
    lastSign = now();
    tell({ resync: true });
  });
  source.addEventListener("beat", () => {
    lastSign = now();
    tell({ beat: true });
  });
  source.addEventListener("closing", () => lost(500));
  source.addEventListener("gone", () => leave());
  source.addEventListener("error", () => lost());
}

function close() {
  clearTimeout(retry);
  source?.close();
  source = openedAt = null;
}

function lost(atLeast = 0) {
  close();
  tell({ up: false });
  pause = Math.min(LONGEST_PAUSE, Math.max(1000, pause * 2));
  retry = setTimeout(open, atLeast + pause * (0.5 + Math.random()));
}

function read() {
  reading = true;
  open();
}

function stop() {
  reading = false;
  close();
}

// A laptop that slept, or a network that went away without a word, leaves a stream that says nothing.
setInterval(() => reading && openedAt !== null && now() - lastSign > SILENT && lost(), 5_000);
addEventListener("online", () => reading && source === null && (clearTimeout(retry), open()));

// --- who reads --------------------------------------------------------------------------------------

// Where the browser has locks (https and localhost): whoever holds the lock reads, the next in line takes over.
function byLock() {
  let release = null;
  let giveUp = null;
  const wish = () => {
    if (giveUp || release) return;
    giveUp = new AbortController();
    navigator.locks
      .request(`qd-live-${slug}`, { signal: giveUp.signal }, () => {
        giveUp = null;
        read();
        return new Promise((done) => (release = done));
      })
      .catch(() => {});
  };
  const yieldIt = () => {
    giveUp?.abort();
    giveUp = null;
    stop();
    release?.();
    release = null;
  };
  return { wish, yieldIt };
}

// By address instead of localhost there are no locks: a note in local storage, renewed every second, stands for one.
function byNote() {
  const key = `qd-live-${slug}`;
  let beat = null;
  const note = () => JSON.parse(localStorage.getItem(key) ?? "null");
  const round = () => {
    const held = note();
    const free = !held || held.who === me || Math.abs(Date.now() - held.at) > 4_000;
    if (!free) {
      if (reading) stop();
      return;
    }
    localStorage.setItem(key, JSON.stringify({ who: me, at: Date.now() }));
    if (!reading) setTimeout(() => beat !== null && !reading && note()?.who === me && read(), 200);
  };
  const wish = () => {
    if (beat !== null) return;
    beat = setInterval(round, 1_000 + Math.random() * 200);
    round();
  };
  const yieldIt = () => {
    clearInterval(beat);
    beat = null;
    stop();
    if (note()?.who === me) localStorage.removeItem(key);
  };
  addEventListener("pagehide", yieldIt);
  return { wish, yieldIt };
}

// A browser that offers neither reads in every tab that is seen.
const alone = () => ({ wish: () => reading || read(), yieldIt: stop });

function way() {
  if (!channel) return alone();
  if (navigator.locks) return byLock();
  try {
    localStorage.setItem("qd-live-probe", "1");
    localStorage.removeItem("qd-live-probe");
    return byNote();
  } catch {
    return alone();
  }
}

function start() {
  const { wish, yieldIt } = way();
  leave = yieldIt;
  let leaving = null;
  const seen = () => {
    clearTimeout(leaving);
    if (document.hidden) {
      leaving = setTimeout(yieldIt, HIDDEN_GRACE);
      return;
    }
    wish();
    ask();
    again();
  };
  document.addEventListener("visibilitychange", seen);
  addEventListener("pageshow", (event) => event.persisted && (seen(), resync()));
  addEventListener("pagehide", (event) => event.persisted && yieldIt());
  seen();
}

if (slug && "EventSource" in window) start();
