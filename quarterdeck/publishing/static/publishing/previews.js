// What is written as people will see it, one box a channel: simple and honest, not a copy of anybody's app.
import { entities } from "../shell/text.js";
import { medium } from "./parts.js";
import { say } from "./saying.js";

const CUT = { instagram: 125, linkedin: 210 }; // characters until “more”; from memory, November 2026

/** Show these parts in a channel's preview, and the card of their link where it has one. */
export function preview(box, said, { card, rule, network, byHand, when }) {
  const article = box.querySelector("article");
  const shape = article.querySelector("[data-piece]");
  while (article.children.length < said.length) article.append(shape.cloneNode(true));
  while (article.children.length > said.length) article.lastElementChild.remove();
  said.forEach((part, at) => {
    const piece = article.children[at];
    const nothing = said.length === 1 && !part.images.length ? "What you write appears here." : "";
    words(piece.querySelector("[data-text]"), part.text || nothing, rule, CUT[network]);
    say(piece.querySelector("[data-count]"), said.length > 1 ? ` · ${at + 1} of ${said.length}` : "");
    pictures(piece.querySelector("[data-pictures]"), part.images);
    linked(piece.querySelector("[data-card]"), card && at === carries(said, card.url) ? card : null);
  });
  if (byHand) say(box.querySelector("[data-by-hand]"), when ? `By hand: handed out at ${when.slice(11, 16)}, with everything to copy.` : "By hand: handed out at its time, with everything to copy.");
}

// The text with its links, names and tags marked; cut where the network folds it.
function words(place, text, rule, cut) {
  const key = `${rule} ${text}`;
  if (place.dataset.said === key) return;
  place.dataset.said = key;
  const characters = [...text];
  const folded = cut && characters.length > cut;
  const shown = folded ? characters.slice(0, cut).join("").trimEnd() : text;
  const nodes = marked(shown, rule);
  if (folded) nodes.push(Object.assign(document.createElement("span"), { className: "muted", textContent: "… more" }));
  place.replaceChildren(...nodes);
}

function marked(text, rule) {
  let found = [];
  try {
    found = rule ? entities(text, rule) : entities(text);
  } catch {
    return [text]; // half a character: the meter says so
  }
  const characters = [...text];
  const nodes = [];
  let from = 0;
  for (const one of found) {
    nodes.push(characters.slice(from, one.start).join(""));
    nodes.push(Object.assign(document.createElement("span"), { className: "linked", textContent: characters.slice(one.start, one.end).join("") }));
    from = one.end;
  }
  return [...nodes, characters.slice(from).join("")];
}

// Which part shows the card: the first with its link and no images, as the server decides it.
function carries(said, url) {
  const shortly = url.replace(/^https:\/\//, ""); // as it may be written; a rule may have added to it
  return said.findIndex((part) => !part.images.length && part.text.includes(shortly));
}

function linked(place, card) {
  place.hidden = !card;
  const picture = place.querySelector("img");
  if (picture?.getAttribute("src") !== card?.image) picture?.remove();
  if (!card) return;
  if (card.image && !place.querySelector("img")) place.prepend(Object.assign(new Image(), { src: card.image, alt: "" }));
  say(place.querySelector("b"), card.title);
  const [description, host] = place.querySelectorAll("small");
  say(description, card.description);
  say(host, new URL(card.url).host);
}

function pictures(place, images) {
  const shown = [...place.querySelectorAll("img, video")];
  if (shown.length !== images.length || images.some((image, at) => shown[at].getAttribute("src") !== image.url)) {
    place.replaceChildren(...images.map((image) => {
      const item = document.createElement("li");
      item.append(medium(image.url));
      return item;
    }));
  }
  place.querySelectorAll("img, video").forEach((one, at) => {
    if (one instanceof HTMLVideoElement) one.setAttribute("aria-label", images[at].alt || "Video");
    else one.alt = images[at].alt;
  });
}
