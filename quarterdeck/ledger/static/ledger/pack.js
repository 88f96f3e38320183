// Checks a proof file as engines/verify.py does, in a browser and offline. Whatever that refuses is refused here; a
// test holds the two equal, sentence by sentence.

import { Refused, commitment, consistent, decode, leafHash, numberOf, parseNote, parseProof, readKey, rootOf, same, signerOf, utf8 } from "./verify.js";
import { canonical, parse, textOf } from "./strict.js";

const FORMAT = "quarterdeck-proof/1";
export const FILE_LIMIT = 4000000;
const LEAF_LIMIT = 65535;
const AHEAD = 86400; // seconds: the clock of who reads may be a day behind, not more
const FIELD = /^[a-z][a-z0-9_]{0,39}$/;
const KIND = /^[a-z][a-z0-9_.]{0,89}$/;
const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const DIGITS = /^[0-9]{30}$/;
const LEAF = ["a", "c", "e", "k", "o", "t", "v"];

// What somebody else wrote, so that it cannot pass for other letters nor turn the line around.
const escaped = (text, unsafe) => text.replace(unsafe, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
const quoted = (value) => escaped(JSON.stringify(value) ?? "nothing", /[^\x20-\x7e]/g).slice(0, 80);
export const said = (value) => escaped(JSON.stringify(value), /[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g);

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const is = (pattern, value) => typeof value === "string" && pattern.test(value);
const counts = (value) => Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0);

function members(found, wanted, what) {
  if (!isObject(found)) throw new Refused(`${what} is not a JSON object.`);
  const odd = [...Object.keys(found).filter((n) => !wanted.includes(n)), ...wanted.filter((n) => !(n in found))].sort();
  if (odd.length) {
    throw new Refused(`${what} ${odd[0] in found ? "has an unknown" : "lacks the"} member ${quoted(odd[0])}.`);
  }
}

function listed(found, most, what) {
  if (!Array.isArray(found) || found.length > most) throw new Refused(`${what} are not a list of at most ${most}.`);
  return found;
}

function sized(text, what, length) {
  if (typeof text !== "string") throw new Refused(`${what} is not base64.`);
  const bytes = decode(text);
  if (bytes.length !== length) throw new Refused(`${what} is not ${length} bytes long.`);
}

function plain(text, what) {
  if (typeof text === "string" && /^[\x00-\x7f]*$/.test(text)) return text;
  throw new Refused(`${what} is not plain ASCII; it may hold letters that only look like others.`);
}

export function readLeaf(text, where) {
  if (text.length > LEAF_LIMIT) throw new Refused(`${where} is larger than ${LEAF_LIMIT} bytes.`);
  const leaf = parse(text, where);
  if (canonical(leaf) !== text) throw new Refused(`${where} is not canonical JSON.`);
  members(leaf, isObject(leaf) && "p" in leaf ? [...LEAF, "p"] : LEAF, where);
  const { a, c, e, k, o, t, v } = leaf;
  const about = Array.isArray(o) && o.length === 3 && is(KIND, o[0]) && is(ID, o[1]) && counts(o[2]);
  const known = (v === 1 || v === 2) && (is(FIELD, a) || is(ID, a)) && is(ID, e) && is(KIND, k);
  if (!about || !known || !counts(t) || !isObject(c)) {
    throw new Refused(`${where} is not an event of a version that is known here.`);
  }
  for (const [field, one] of Object.entries(c)) {
    if (!FIELD.test(field)) throw new Refused(`${where} has a field with the name ${quoted(field)}, which none can have.`);
    sized(one, "A commitment", 32);
  }
  if ("p" in leaf) sized(leaf.p, "What the entry answers", 32);
  return leaf;
}

async function disclosed(one, committed, where) {
  const entry = where.toLowerCase();
  members(one, ["salt", "field", "value"], `A disclosure of ${entry}`);
  const { salt, field, value } = one;
  if (typeof field !== "string" || !(field in committed)) throw new Refused(`${where} has no field ${quoted(field)}.`);
  sized(salt, "A salt", 16);
  const simple = value === null || ["string", "boolean"].includes(typeof value) || Number.isSafeInteger(value);
  if (!simple) throw new Refused(`The field “${field}” of ${entry} says what no field can say.`);
  if (/[\ud800-\udfff]/u.test(value)) throw new Refused(`The field “${field}” of ${entry} is not text.`);
  if ((await commitment({ salt, field, value })) !== committed[field]) {
    throw new Refused(`The field “${field}” is not what ${entry} committed to.`);
  }
  return [field, value];
}

function pathOf(text) {
  // The head of a tlog-proof, to which an empty line and the checkpoint would be joined.
  if (typeof text !== "string" || text.length >= 20000 || !text.endsWith("\n")) {
    throw new Refused("An entry’s path is not a tlog-proof.");
  }
  if (!/^[^\n]*\nindex /.test(text)) throw new Refused("An entry’s path is not a tlog-proof, or does not say its place.");
  const proof = parseProof(`${text}\n`);
  if (proof.note) throw new Refused("An entry’s path is not a tlog-proof.");
  return proof;
}

async function entryOf(given, checkpoint, latest) {
  members(given, ["leaf", "path", "disclosed", "hidden"], "An entry of the file");
  const { index, path } = pathOf(given.path);
  const where = `Entry ${index}`;
  const leaf = readLeaf(plain(given.leaf, `${where}’s leaf`), where);
  if (leaf.t > latest) {
    throw new Refused(`${where} says it was recorded on ${whenIn(leaf.t)}: by this machine’s clock that is to come.`);
  }
  const root = await rootOf(await leafHash(utf8.encode(given.leaf)), index, checkpoint.size, path);
  if (!same(root, checkpoint.root)) {
    throw new Refused(`The path of entry ${index} does not lead to the root that was signed.`);
  }
  const told = new Map();
  const names = Object.keys(leaf.c);
  for (const one of listed(given.disclosed, names.length, `What ${where} discloses`)) {
    const [field, value] = await disclosed(one, leaf.c, where);
    if (told.has(field)) throw new Refused(`${where} discloses the field “${field}” twice.`);
    told.set(field, value);
  }
  const hidden = names.filter((name) => !told.has(name)).sort();
  if (canonical(given.hidden) !== canonical(hidden)) {
    throw new Refused(`${where} has other hidden fields than the file names.`);
  }
  return { place: index, leaf, told, hidden };
}

async function meant(given, inside) {
  const bare = given.map((one) => one.replace(/[ -]/g, ""));
  const lines = given.filter((_, at) => !DIGITS.test(bare[at]));
  const known = [];
  for (const key of inside) if (bare.includes((await numberOf(key.line)).replaceAll(" ", ""))) known.push(key);
  if (!lines.length && !known.length) throw new Refused("No key in the file has the number that you gave.");
  return [...known, ...(await Promise.all(lines.map(readKey)))];
}

// {checkpoint, key, number, signed, keyGiven, entries}; signed is null where this browser cannot check Ed25519.
export async function checkPack(bytes, keys = [], now = Date.now() / 1000) {
  if (bytes.length > FILE_LIMIT) throw new Refused(`The file is larger than ${FILE_LIMIT} bytes.`);
  const pack = parse(textOf(bytes, "The file"), "The file");
  members(pack, ["format", "how", "keys", "checkpoint", "entries"], "The file");
  if (pack.format !== FORMAT) throw new Refused(`The file is not of the format ${FORMAT}.`);
  const inside = [];
  for (const line of listed(pack.keys, 50, "The file’s keys")) inside.push(await readKey(line));
  const checkpoint = parseNote(pack.checkpoint);
  const { key, signed } = await signerOf(checkpoint, keys.length ? await meant(keys, inside) : inside);
  const entries = [];
  for (const one of listed(pack.entries, 500, "The file’s entries")) {
    entries.push(await entryOf(one, checkpoint, now + AHEAD));
  }
  if (new Set(entries.map((one) => one.place)).size !== entries.length) throw new Refused("The file gives one entry twice.");
  entries.sort((one, other) => one.place - other.place);
  return { checkpoint, key, number: await numberOf(key.line), signed, keyGiven: keys.length > 0, entries };
}

function since(text) {
  if (!text.startsWith("old ")) return { size: null, path: [], note: text };
  const cut = text.indexOf("\n\n");
  const lines = text.slice(0, cut).split("\n");
  const size = lines.shift().slice(4);
  if (cut < 0 || !/^(0|[1-9][0-9]{0,14})$/.test(size) || lines.length > 99) {
    throw new Refused("The proof before the second checkpoint is malformed.");
  }
  lines.forEach((line) => sized(line, "A hash of the proof", 32));
  return { size: Number(size), path: lines.map(decode), note: text.slice(cut + 2) };
}

// {first, second, proved, signed, number}: two checkpoints of one log, the second perhaps behind a proof from the first.
export async function compareNotes(older, newer, lines) {
  if (!lines.length) throw new Refused("To compare checkpoints, give the log’s key.");
  const keys = await Promise.all(lines.map(readKey));
  const { size, path, note } = since(newer);
  const [first, second] = [parseNote(older), parseNote(note)];
  const [one, two] = [await signerOf(first, keys), await signerOf(second, keys)];
  if (first.origin !== second.origin) throw new Refused("The two checkpoints are of different logs.");
  if (second.size < first.size) {
    throw new Refused(`The second checkpoint is older than the first: it covers ${second.size} entries, and ${first.size}`
      + " were signed before. Ask for a newer one; a log never becomes shorter.");
  }
  if (size !== null && size !== first.size) {
    throw new Refused(`The proof begins at ${size} entries, and the first checkpoint covers ${first.size}.`);
  }
  if (second.size === first.size && !same(first.root, second.root)) {
    throw new Refused(`The log signed two different histories of ${first.size} entries. Keep both checkpoints: together`
      + " they are the evidence.");
  }
  if (size !== null) await consistent(first, second, path);
  const signed = one.signed && two.signed;
  return { first, second, signed, proved: size !== null || first.size === second.size };
}

export function whenIn(seconds) {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? `second ${seconds}` : `${date.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

export const NOT_SHOWN = "What this does not show: that what an entry says is true, that all that happened was recorded, or"
  + " which person acted.";

// The three lines: [what, how it stands].
export function threeLines({ checkpoint, number, signed, keyGiven, entries }) {
  const times = entries.map((one) => one.leaf.t).sort((a, b) => a - b);
  const span = [...new Set([times[0], times[times.length - 1]])].filter((t) => t !== undefined).map(whenIn).join(" to ");
  const whose = keyGiven
    ? "The key is the one you gave."
    : "The key came inside this file: compare its number with the log’s, by a way you trust.";
  const who = signed
    ? `the log ${checkpoint.origin}, with the key ${number}. ${whose}`
    : `not checked. This browser cannot check Ed25519 signatures; the file names the log ${checkpoint.origin} and the key`
      + ` ${number}. A newer browser can check it, and so can verify.py.`;
  const stands = entries.length === 1 ? `entry ${grouped(entries[0].place)} stands` : `${entries.length} entries stand`;
  return [
    ["Who signed", who],
    ["Recorded when", `${span || "no entry"}, in the log’s own clock; not anchored outside yet.`],
    ["Unchanged since", `${stands} among the ${grouped(checkpoint.size)} that the log ${signed ? "signed" : "names"}, word for word.`],
  ];
}

export const grouped = (number) => number.toLocaleString("en-US");
export const byWhom = (actor) => {
  if (actor === "system") return "Quarterdeck itself";
  return ID.test(actor) ? "a member" : `somebody in the role ${actor}`;
};
