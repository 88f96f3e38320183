// What the composer's fields say as one value: the common parts, and those of channels that say it differently. Each
// stands in a section of its own ([data-scope]: empty for the common text, else the channel's id).
import * as parts from "./parts.js";

export const sections = (form) => [...form.querySelectorAll("[data-scope]")];
export const section = (form, scope) => form.querySelector(`[data-scope="${scope}"]`);
export const list = (one) => one.querySelector("[data-parts]");

const plain = (said) => JSON.stringify(said.map(({ text, images }) => [text, images.map(({ file, alt, none = "" }) => [file, alt, none])]));

/** {parts, own: {channel: parts}, raw: {scope: parts}}; a channel that says just the common text says nothing of its own. */
export function read(form) {
  const raw = Object.fromEntries(sections(form).map((one) => [one.dataset.scope, parts.read(list(one))]));
  const common = plain(raw[""]);
  const own = {};
  for (const [scope, said] of Object.entries(raw)) {
    if (scope && said.length && plain(said) !== common) own[scope] = said;
  }
  return { parts: raw[""], own, raw };
}

/** Make the fields say this. */
export function put(form, state) {
  for (const one of sections(form)) {
    const scope = one.dataset.scope;
    parts.put(list(one), scope ? (state.own?.[scope] ?? []) : state.parts);
  }
}

/** Which text is shown now. */
export const shown = (form) => form.dataset.shown ?? "";

/** Show the common text (""), or that of a channel: it begins as a copy, and is its own once it is changed. */
export function show(form, scope) {
  const state = read(form);
  for (const one of sections(form)) {
    const its = one.dataset.scope;
    if (its && its === scope && !state.raw[its].length) parts.put(list(one), state.parts);
    else if (its && its !== scope && !state.own[its]) parts.put(list(one), []);
    one.hidden = its !== scope;
  }
  form.dataset.shown = scope;
}
