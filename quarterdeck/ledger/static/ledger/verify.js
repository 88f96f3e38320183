// Checks one entry of the ledger in this browser, with nothing of the server's but bytes: the entry's hash,
// the fields' commitments, the path to the root (RFC 6962, 2.1.1) and the log's Ed25519 signature on it
// (c2sp.org/tlog-proof, tlog-checkpoint, signed-note).

export class Refused extends Error {}

export const utf8 = new TextEncoder();

export function decode(base64) {
  let bytes;
  try {
    bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  } catch {
    throw new Refused("A value of the proof is not base64.");
  }
  if (encode(bytes) !== base64) throw new Refused("A value of the proof is not canonical base64.");
  return bytes;
}

export function encode(bytes) {
  return btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join(""));
}

function join(...parts) {
  const all = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const NAME = /^[!-*,-~]{1,300}$/; // what ASCII can print, without space and plus
export const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);
export const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
export const leafHash = (leaf) => sha256(join([0], leaf));
const nodeHash = (left, right) => sha256(join([1], left, right));

const shown = (text) => JSON.stringify(text).replace(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`).slice(0, 80);

export function parseProof(text) {
  const cut = text.indexOf("\n\n");
  const lines = text.slice(0, cut).split("\n");
  if (cut < 0 || lines.shift() !== "c2sp.org/tlog-proof@v1") throw new Refused("This is not a tlog-proof.");
  if (lines[0]?.startsWith("extra ")) lines.shift();
  const index = /^index (0|[1-9][0-9]{0,14})$/.exec(lines.shift() ?? "");
  if (!index) throw new Refused("The proof does not say its place.");
  const path = lines.map(decode);
  if (path.some((hash) => hash.length !== 32)) throw new Refused("A hash of the proof is not 32 bytes long.");
  return { index: Number(index[1]), path, note: text.slice(cut + 2) };
}

export function parseNote(note) {
  if (typeof note !== "string" || note.length > 20000 || !note.endsWith("\n")) {
    throw new Refused("The checkpoint is not text that ends in a line break, or it is too long.");
  }
  const cut = note.lastIndexOf("\n\n");
  const text = note.slice(0, cut + 1);
  const [origin, size, root, ...rest] = text.split("\n");
  if (cut < 0 || rest.pop() !== "" || rest.includes("") || !origin || /[\x00-\x09\x0b-\x1f\x7f]/.test(note)) {
    throw new Refused("The checkpoint is malformed.");
  }
  if (!NAME.test(origin)) throw new Refused(`The log’s name ${shown(origin)} is not plain ASCII.`);
  if (!/^(0|[1-9][0-9]{0,14})$/.test(size)) throw new Refused("The checkpoint’s size is no number.");
  const hash = decode(root);
  if (hash.length !== 32) throw new Refused("The checkpoint’s root is not 32 bytes long.");
  const signatures = note.slice(cut + 2, -1).split("\n").map((line) => {
    const match = /^\u2014 ([^ ]+) ([A-Za-z0-9+/]+={0,2})$/.exec(line);
    if (!match) throw new Refused("A signature line of the checkpoint is malformed.");
    const blob = decode(match[2]);
    return { name: match[1], id: blob.slice(0, 4), signature: blob.slice(4) };
  });
  return { text, origin, size: Number(size), root: hash, signatures };
}

const half = (number) => Math.floor(number / 2); // >> is for 32 bits

// Walks from the leaf up; which side the sibling stands on follows from index and size alone.
export async function rootOf(leaf, index, size, path) {
  if (index >= size) throw new Refused(`Entry ${index} lies outside a log of ${size} entries.`);
  let at = index;
  let last = size - 1;
  let hash = leaf;
  for (const sibling of path) {
    if (last === 0) throw new Refused("The path is too long.");
    if (at % 2 === 1 || at === last) {
      hash = await nodeHash(sibling, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      hash = await nodeHash(hash, sibling);
    }
    [at, last] = [half(at), half(last)];
  }
  if (last !== 0) throw new Refused("The path is cut short.");
  return hash;
}

// RFC 9162, 2.1.4.2: that the tree of `second` begins with the tree of `first`, both {size, root}.
export async function consistent(first, second, path) {
  const [old, size] = [first.size, second.size];
  if (old === 0 || old === size) {
    const empty = old === size ? same(first.root, second.root) : same(first.root, await sha256(new Uint8Array()));
    if (path.length || !empty) throw new Refused("The proof does not hold: there is nothing to prove between these two.");
    return;
  }
  const complete = Number.isInteger(Math.log2(old));
  const rest = complete ? [first.root, ...path] : [...path];
  let [at, last] = [old - 1, size - 1];
  while (at % 2 === 1) [at, last] = [half(at), half(last)];
  if (!rest.length) throw new Refused("The proof between the two checkpoints is cut short.");
  let [one, two] = [rest[0], rest[0]];
  for (const sibling of rest.slice(1)) {
    if (last === 0) throw new Refused("The proof between the two checkpoints is too long.");
    if (at % 2 === 1 || at === last) {
      [one, two] = [await nodeHash(sibling, one), await nodeHash(sibling, two)];
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      two = await nodeHash(two, sibling);
    }
    [at, last] = [half(at), half(last)];
  }
  if (last !== 0) throw new Refused("The proof between the two checkpoints is cut short.");
  if (!same(one, first.root) || !same(two, second.root)) {
    throw new Refused("The log changed what it had signed before: the newer checkpoint does not contain the older.");
  }
}

// A vkey line is name+id+base64(type, public key); the name may not hold a plus, the base64 may.
export async function readKey(line) {
  const [name, id, ...rest] = typeof line === "string" ? line.split("+") : [];
  if (!rest.length || !NAME.test(name)) throw new Refused("A key is one line, name+id+key, in plain ASCII.");
  const blob = decode(rest.join("+"));
  if (blob.length !== 33 || blob[0] !== 1) throw new Refused("The log’s key is not an Ed25519 key.");
  const own = (await sha256(join(utf8.encode(`${name}\n`), blob))).slice(0, 4);
  if (Array.from(own, (b) => b.toString(16).padStart(2, "0")).join("") !== id) {
    throw new Refused("The log’s key does not fit its own name: the id is not its own.");
  }
  return { name, id: own, bytes: blob.slice(1), line };
}

// Thirty digits that stand for a key line, to be compared by telephone.
export async function numberOf(line) {
  const digest = await sha256(utf8.encode(line));
  const groups = [0, 5, 10, 15, 20, 25].map((at) => digest.slice(at, at + 5).reduce((n, byte) => n * 256 + byte, 0) % 100000);
  return groups.map((group) => String(group).padStart(5, "0")).join(" ");
}

async function checker(bytes) {
  try {
    return await crypto.subtle.importKey("raw", bytes, { name: "Ed25519" }, false, ["verify"]);
  } catch (error) {
    if (error.name === "NotSupportedError" || error instanceof TypeError) return null;
    throw new Refused("The log’s key cannot be read.");
  }
}

// {key, signed}: the last of these keys that signed, none of them falsely; signed is null where this browser cannot
// check Ed25519. Signatures of others are not looked at.
export async function signerOf(checkpoint, keys) {
  let found = null;
  for (const one of checkpoint.signatures) {
    for (const key of keys) {
      if (one.name !== key.name || key.name !== checkpoint.origin || !same(one.id, key.id)) continue;
      const imported = await checker(key.bytes);
      const good = imported && (await crypto.subtle.verify("Ed25519", imported, one.signature, utf8.encode(checkpoint.text)));
      if (good === false) throw new Refused("The signature on the checkpoint is false.");
      found = { key, signed: good };
    }
  }
  if (!found) throw new Refused(`No key that is known here signed the checkpoint of ${checkpoint.origin}.`);
  return found;
}

// true: signed by a key of the log; null: this browser cannot check Ed25519; throws Refused for a false one.
export async function signedBy(checkpoint, keys) {
  return (await signerOf(checkpoint, await Promise.all(keys.map(readKey)))).signed;
}

// JSON.stringify is the canonical form (RFC 8785) for strings, booleans, null and integers below 2^53.
export async function commitment({ salt, field, value }) {
  return encode(await sha256(utf8.encode(JSON.stringify([salt, field, value]))));
}

async function get(url, kind) {
  const response = await fetch(url, { credentials: "same-origin", headers: { Accept: "*/*" } });
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  return response[kind]();
}

export async function verify({ leaf: leafUrl, fields: fieldsUrl, proof: proofUrl, origin, keys }, step) {
  const [leafBuffer, told, proofText] = await Promise.all([
    get(leafUrl, "arrayBuffer"), get(fieldsUrl, "json"), get(proofUrl, "text"),
  ]);
  const leaf = new Uint8Array(leafBuffer);
  const hash = await leafHash(leaf);
  step(`The entry’s ${leaf.length} bytes were hashed.`);
  const committed = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(leaf)).c;
  for (const one of told.fields) {
    if (committed[one.field] !== (await commitment(one))) {
      throw new Refused(`The field “${one.field}” is not what the entry committed to.`);
    }
  }
  if (told.fields.length) step("What the fields say is what the entry committed to.");
  const proof = parseProof(proofText);
  const checkpoint = parseNote(proof.note);
  if (checkpoint.origin !== origin) throw new Refused("The checkpoint is of another log.");
  const root = await rootOf(hash, proof.index, checkpoint.size, proof.path);
  if (!same(root, checkpoint.root)) throw new Refused("The path does not lead to the signed root.");
  step(`${proof.path.length} hashes lead from entry ${proof.index} to the root of ${checkpoint.size} entries.`);
  const signed = await signedBy(checkpoint, keys);
  if (signed) step("The log’s key signed that root.");
  return { signed, index: proof.index, size: checkpoint.size };
}

async function run(button) {
  const steps = document.querySelector("[data-verify-steps]");
  const result = document.querySelector("[data-verify-result]");
  steps.replaceChildren();
  steps.hidden = false;
  result.textContent = "";
  button.disabled = true;
  const step = (text) => {
    const item = document.createElement("li");
    item.textContent = text;
    steps.append(item);
  };
  try {
    if (!globalThis.crypto?.subtle) {
      result.textContent = "This page was opened in a way in which browsers offer no cryptography (an address without"
        + " https). Nothing was checked. Open it as localhost or with https, or take the proof file along.";
      return;
    }
    const { signed, index, size } = await verify({ ...button.dataset, keys: button.dataset.keys.split(" ") }, step);
    result.textContent = signed
      ? `Verified here: this entry stands at place ${index} of ${size}, and the log’s key signed it.`
      : "The entry, its fields and its path are right. This browser cannot check Ed25519 signatures, so whether the"
        + " log’s key signed the root was not checked here. A newer browser can, and so can the proof file elsewhere.";
    result.dataset.outcome = signed ? "verified" : "unsigned";
  } catch (error) {
    result.dataset.outcome = "refused";
    result.textContent = error instanceof Refused
      ? `This entry does not verify. ${error.message} Take the proof file and show it to whoever runs this installation.`
      : `The check could not be finished. ${error.message} Nothing is known about the entry; try again.`;
  } finally {
    button.disabled = false;
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-verify]");
  if (button) run(button);
});
