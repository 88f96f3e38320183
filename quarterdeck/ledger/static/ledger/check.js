// The page on which anybody checks a proof file or two checkpoints. It fetches nothing: it works as a saved file too.

import { Refused, readKey, parseNote, signerOf } from "./verify.js";
import { FILE_LIMIT, NOT_SHOWN, byWhom, checkPack, compareNotes, grouped, said, threeLines, whenIn } from "./pack.js";

const part = (name) => document.querySelector(`[data-check-${name}]`);
const element = (tag, text = "", ...children) => {
  const made = document.createElement(tag);
  made.textContent = text;
  made.append(...children);
  return made;
};

function show(place, outcome, ...children) {
  place.dataset.outcome = outcome;
  place.className = `notice stack tight ${outcome === "refused" ? "coral" : outcome === "holds" ? "" : "amber"}`;
  place.replaceChildren(...children);
  place.hidden = false;
}

function refuse(place, error) {
  const known = error instanceof Refused;
  show(place, "refused",
    element("h2", known ? "Refused" : "It could not be checked"),
    element("p", known ? `${error.message} Nothing in it should be believed for being in it.` : `${error.message} Nothing was found out; try again.`));
}

const keysIn = (name) => part(name).value.split("\n").map((line) => line.trim()).filter(Boolean);

function told(entry) {
  const [name, row, version] = entry.leaf.o;
  const list = element("dl");
  list.className = "brief";
  const add = (term, text, tag = "span") => {
    const shown = element(tag, text);
    shown.dir = "auto";
    list.append(element("dt", term), element("dd", "", shown));
  };
  add("About", `${name} ${row}${version ? `, version ${version}` : ""}`);
  [...entry.told].sort().forEach(([field, value]) => add(field, said(value), "bdi"));
  if (entry.hidden.length) add("Stays hidden", entry.hidden.join(", "));
  return [element("h3", `Entry ${grouped(entry.place)}: ${entry.leaf.k}, on ${whenIn(entry.leaf.t)}, by ${byWhom(entry.leaf.a)}`), list];
}

async function checkBytes(bytes) {
  const place = part("result");
  try {
    const found = await checkPack(bytes, keysIn("key"));
    const outcome = found.signed ? (found.keyGiven ? "holds" : "own-key") : "unsigned";
    const heading = { holds: "It holds", "own-key": "It fits together", unsigned: "Only a part was checked" }[outcome];
    const three = threeLines(found).map(([what, how]) => element("p", "", element("b", `${what}: `), how));
    show(place, outcome, element("h2", heading), ...three, ...found.entries.flatMap(told), element("p", NOT_SHOWN));
  } catch (error) {
    refuse(place, error);
  }
}

async function checkAnything(bytes) {
  const begins = new TextDecoder().decode(bytes.slice(0, 4));
  if (/^\s*[{[]/.test(begins) || bytes.length > FILE_LIMIT) return checkBytes(bytes);
  const text = new TextDecoder().decode(bytes);
  if (!text.includes("\n\n\u2014 ")) return checkBytes(bytes);
  part(part("older").value && begins === "old " ? "newer" : part("older").value ? "newer" : "older").value = text;
  return compareBoth();
}

async function compareBoth() {
  const place = part("compared");
  const [older, newer] = ["older", "newer"].map((name) => part(name).value.trim()).map((text) => text && `${text}\n`);
  const known = part("log-key").value ? keysIn("log-key") : keysIn("key");
  try {
    if (!older) throw new Refused("Paste the older checkpoint first.");
    if (!newer) return show(place, "half", element("h2", "One checkpoint"), element("p", await alone(older, known)));
    const { first, second, signed, proved } = await compareNotes(older, newer, known);
    const [from, to] = [grouped(first.size), grouped(second.size)];
    const words = first.size === second.size
      ? `Both are the same history of ${from} entries of ${first.origin}.`
      : proved
        ? `The newer one (${to} entries) contains the older (${from}): nothing before was changed.`
        : `They are of ${from} and ${to} entries of ${first.origin}. Whether the second contains the first is not known yet:`
          + ` paste the log’s answer at “since/${first.size}” as the newer one.`;
    const unsigned = "This browser cannot check Ed25519 signatures, so who signed them was not checked.";
    show(place, signed ? (proved ? "holds" : "half") : "unsigned", element("h2", proved ? "One history" : "Not compared yet"),
      element("p", words), ...(signed ? [] : [element("p", unsigned)]));
  } catch (error) {
    refuse(place, error);
  }
  return undefined;
}

async function alone(note, known) {
  const checkpoint = parseNote(note);
  if (!known.length) return `It names ${grouped(checkpoint.size)} entries of ${checkpoint.origin}. Give the log’s key to see who signed it.`;
  const { signed } = await signerOf(checkpoint, await Promise.all(known.map(readKey)));
  const by = signed ? "is signed by the key you gave" : "names the key you gave (this browser cannot check Ed25519 signatures)";
  return `It covers ${grouped(checkpoint.size)} entries of ${checkpoint.origin} and ${by}. Keep it: every later one must contain it.`;
}

function begin(form) {
  if (!globalThis.crypto?.subtle) {
    return refuse(part("result"), new Error("This page was opened in a way in which browsers offer no cryptography (an"
      + " address without https). Save it and open the saved file, or use verify.py."));
  }
  const bytesOf = async (file) => new Uint8Array(await file.slice(0, FILE_LIMIT + 1).arrayBuffer());
  part("file").addEventListener("change", async (event) => {
    const file = event.target.files[0];
    if (file) await checkAnything(await bytesOf(file));
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  part("go").addEventListener("click", async () => {
    const text = part("text").value;
    const file = part("file").files[0];
    if (text) return checkAnything(new TextEncoder().encode(text));
    if (file) return checkAnything(await bytesOf(file));
    return refuse(part("result"), new Refused("Choose a file first, or paste one."));
  });
  part("compare").addEventListener("click", compareBoth);
  for (const kind of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, async (event) => {
      event.preventDefault();
      form.classList.toggle("dropping", kind === "dragover");
      const file = kind === "drop" && event.dataTransfer.files[0];
      if (file) await checkAnything(await bytesOf(file));
    });
  }
  return undefined;
}

const form = document.querySelector("[data-check]");
if (form) begin(form);
