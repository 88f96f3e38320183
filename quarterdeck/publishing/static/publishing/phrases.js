// What {names} and links become on a network, for meters and previews: the twin of publishing/phrases.py. And putting
// an entry of the book where one writes.
import { entities } from "../shell/text.js";

const terms = JSON.parse(document.getElementById("terms")?.textContent ?? "{}");
const any = Boolean(Object.keys(terms.names ?? {}).length || Object.keys(terms.links ?? {}).length);

/** The names of the book: {name: {network: handle}}. */
export const names = terms.names ?? {};

/** The text as it goes out on a network. */
export function resolved(text, network) {
  if (!any) return text;
  const named = text.replace(/\{([^{}\n]{1,80})\}/g, (whole, name) => (terms.names[name] ? terms.names[name][network] || name : whole));
  return Object.keys(terms.links).length ? linked(named, network) : named;
}

function linked(text, network) {
  let found;
  try {
    found = entities(text).filter((one) => one.kind === "url");
  } catch {
    return text;
  }
  const characters = [...text];
  for (const one of found.reverse()) characters.splice(one.start, one.end - one.start, added(one.text, network));
  return characters.join("");
}

function added(url, network) {
  const whole = url.includes("://") ? url : `https://${url}`;
  const host = (/^https?:\/\/([^/?#:]+)/i.exec(whole)?.[1] ?? "").toLowerCase().replace(/^www\./, "");
  const rule = terms.links[host];
  if (rule === undefined) return url;
  if (terms.short?.[host]) return terms.short[host];
  const [, front, query = "", hash = ""] = /^([^?#]*)(?:\?([^#]*))?(#.*)?$/.exec(whole);
  const has = query.split("&").map((pair) => pair.split("=")[0]);
  const more = rule.replaceAll("{network}", network).split("&").filter((pair) => pair && !has.includes(pair.split("=")[0]));
  return `${front}?${[query, ...more].filter(Boolean).join("&")}${hash}`;
}

/** Put the chosen entry where the text was last written in. */
export function insert(select, field) {
  const words = select.value;
  select.value = "";
  if (words) put(field, words);
}

/** Put words where the selection is; the browser's own undo takes them back. */
export function put(field, words) {
  field.focus();
  if (!document.execCommand("insertText", false, words)) {
    field.setRangeText(words, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
