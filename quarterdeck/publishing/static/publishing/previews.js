// What is written as people will see it, one box a channel.
import { say } from "./saying.js";

/** Show these parts in a channel's preview. */
export function preview(box, said, card) {
  const article = box.querySelector("article");
  const shape = article.querySelector("[data-piece]");
  while (article.children.length < said.length) article.append(shape.cloneNode(true));
  while (article.children.length > said.length) article.lastElementChild.remove();
  said.forEach((part, at) => {
    const piece = article.children[at];
    const nothing = said.length === 1 && !part.images.length ? "What you write appears here." : "";
    say(piece.querySelector("[data-text]"), part.text || nothing);
    say(piece.querySelector("[data-count]"), said.length > 1 ? ` · ${at + 1} of ${said.length}` : "");
    pictures(piece.querySelector("[data-pictures]"), part.images);
    linked(piece.querySelector("[data-card]"), card && at === carries(said, card.url) ? card : null);
  });
}

// Which part shows the card: the first with its link and no images, as the server decides it.
function carries(said, url) {
  const shortly = url.replace(/^https:\/\//, "");
  return said.findIndex((part) => !part.images.length && part.text.includes(shortly));
}

function linked(place, card) {
  place.hidden = !card;
  if (!card) return;
  const picture = place.querySelector("img");
  picture.hidden = !card.image;
  if (card.image && picture.getAttribute("src") !== card.image) picture.src = card.image;
  say(place.querySelector("b"), card.title);
  const [description, host] = place.querySelectorAll("small");
  say(description, card.description);
  say(host, new URL(card.url).host);
}

function pictures(place, images) {
  const shown = [...place.querySelectorAll("img")];
  if (shown.length !== images.length || images.some((image, at) => shown[at].getAttribute("src") !== image.url)) {
    place.replaceChildren(...images.map((image) => {
      const item = document.createElement("li");
      item.append(Object.assign(new Image(), { src: image.url }));
      return item;
    }));
  }
  place.querySelectorAll("img").forEach((picture, at) => (picture.alt = images[at].alt));
}
