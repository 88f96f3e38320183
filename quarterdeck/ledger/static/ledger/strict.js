// JSON read strictly: no member twice, no fractions, nothing behind the end. Browsers' own reader takes all of these
// in silence, and then two readers of one file could see two different things.

import { Refused } from "./verify.js";

const DEEPEST = 20;
const STRING = /"[^"\\\u0000-\u001f]*(?:\\.[^"\\\u0000-\u001f]*)*"/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)/y;
const WORD = /true|false|null|NaN|-?Infinity/y;
const WORDS = { true: true, false: false, null: null };
const SPACE = /[ \t\n\r]*/y;

export function textOf(bytes, what) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refused(`${what} is not text in UTF-8.`);
  }
}

// Objects have no prototype, so that no name in a file means anything to JavaScript.
export function parse(text, what) {
  let at = 0;
  const broken = () => new Refused(`${what} is not JSON.`);
  const take = (pattern) => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  const next = (wanted) => {
    take(SPACE);
    if (text[at] !== wanted) return false;
    at += 1;
    return true;
  };
  const string = () => {
    take(SPACE);
    const found = take(STRING);
    if (found === undefined) throw broken();
    try {
      return JSON.parse(found);
    } catch {
      throw broken();
    }
  };
  const object = (depth) => {
    const made = Object.create(null);
    if (next("}")) return made;
    do {
      const name = string();
      if (!next(":")) throw broken();
      if (name in made) throw new Refused(`${what} has a member twice, so it could be read in two ways.`);
      made[name] = value(depth);
    } while (next(","));
    if (!next("}")) throw broken();
    return made;
  };
  const list = (depth) => {
    const made = [];
    if (next("]")) return made;
    do made.push(value(depth));
    while (next(","));
    if (!next("]")) throw broken();
    return made;
  };
  const scalar = () => {
    if (text[at] === '"') return string();
    const word = take(WORD);
    if (word !== undefined && !(word in WORDS)) throw new Refused(`${what} has a number that is not whole.`);
    if (word !== undefined) return WORDS[word];
    const number = take(NUMBER);
    if (number === undefined) throw broken();
    if (/[.eE]/.test(text[at] ?? "")) throw new Refused(`${what} has a number that is not whole.`);
    return Number(number);
  };
  function value(depth) {
    if (depth > DEEPEST) throw broken();
    if (next("{")) return object(depth + 1);
    if (next("[")) return list(depth + 1);
    return scalar();
  }
  const whole = value(0);
  take(SPACE);
  if (at !== text.length) throw broken();
  return whole;
}

// RFC 8785 for what a leaf holds: names sorted, no spaces, whole numbers. Null for what it cannot hold.
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object") {
    return `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
  }
  return JSON.stringify(value);
}
