// How long a part is on a channel, by the network's own rule, and what the network would not take of it.
import { count } from "../shell/text.js";
import { say } from "./saying.js";

const known = new Map(); // what was counted already: a part that did not change is not counted again

function counted(text, rule, limit) {
  const key = `${rule} ${limit} ${text}`;
  if (known.size > 400) known.clear();
  if (!known.has(key)) known.set(key, measure(text, rule, limit));
  return known.get(key);
}

function measure(text, rule, limit) {
  try {
    if (rule) return count(text, rule, limit);
  } catch (error) {
    return { length: [...text].length, reasons: [error.message] };
  }
  const length = [...text].length;
  const over = (length - limit).toLocaleString("en-GB");
  return { length, reasons: length > limit ? [`The text is ${over} too long.`] : [] };
}

/** Show a part's length in its meter; `chip` is the channel's box with its rule. */
export function meter(box, part, chip) {
  const limit = Number(chip.dataset.limit);
  const most = Number(chip.dataset.images || Infinity);
  const { length, reasons } = counted(part.text, chip.dataset.rule, limit);
  const said = part.text ? [...reasons] : [];
  if (part.images.length > most) said.push(`${chip.dataset.network} takes ${most} images a post.`);
  const bar = box.querySelector("progress");
  say(box.querySelector("b"), `${length} / ${limit}`);
  bar.value = Math.min(length, limit);
  bar.className = said.length ? "coral" : length > limit * 0.9 ? "amber" : "";
  say(box.querySelector(".said"), said.join(" "));
}
