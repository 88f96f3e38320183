// Comments: choose words or a spot in the post and the form knows them; words that comments are about are marked in the
// text; the slider of versions goes by itself. Without this the fields are filled by hand, and everything else is links.

const article = () => document.querySelector("[data-commented]");
const box = () => document.querySelector("[data-comment-form]");

// --- the text of a part, without the numbers that stand in it -----------------------------------------

function* textNodes(element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) if (!node.parentElement.closest("sup")) yield node;
}

function partOf(node) {
  const element = node?.nodeType === Node.TEXT_NODE ? node.parentElement : node;
  const text = element?.closest?.("[data-words] .text");
  return text && article()?.contains(text) ? text : null;
}

// Where a point of a selection is, in characters as the server counts them.
function placeOf(text, container, offset) {
  let count = 0;
  for (const node of textNodes(text)) {
    if (node === container) return count + [...node.data.slice(0, offset)].length;
    count += [...node.data].length;
  }
  return 0;
}

// --- choosing -----------------------------------------------------------------------------------------

const offer = document.createElement("button");
offer.type = "button";
offer.className = "small primary pin";
offer.textContent = "Comment on these words";
offer.hidden = true;

function chosen() {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  const text = partOf(range.startContainer);
  if (!text || text !== partOf(range.endContainer)) return null;
  const copy = range.cloneContents();
  for (const number of copy.querySelectorAll("sup")) number.remove();
  const quote = copy.textContent.trim();
  return quote ? { text, range, quote } : null;
}

function follow() {
  const found = box() ? chosen() : null;
  offer.hidden = !found;
  if (!found) return;
  const piece = found.text.closest("[data-words]");
  if (offer.parentElement !== piece) piece.append(offer);
}

function fill(fields) {
  const form = box();
  form.open = true;
  for (const [name, value] of Object.entries(fields)) {
    const field = form.querySelector(`[name=${name}]`);
    if (field) field.value = value;
  }
  form.querySelector("[name=text]").focus();
}

document.addEventListener("selectionchange", follow);
offer.addEventListener("pointerdown", (event) => event.preventDefault()); // the selection stays
offer.addEventListener("click", () => {
  const found = chosen();
  if (!found) return;
  const start = placeOf(found.text, found.range.startContainer, found.range.startOffset);
  offer.hidden = true;
  fill({ quote: found.quote, part: found.text.closest("[data-words]").dataset.words, start, spot: "" });
});

// A spot is chosen by a click on the image while the form is open.
document.addEventListener("click", (event) => {
  const image = event.target.closest?.("[data-commented] img[data-file]");
  if (!image || !box()?.open) return;
  const area = image.getBoundingClientRect();
  const x = ((event.clientX - area.left) / area.width).toFixed(4);
  const y = ((event.clientY - area.top) / area.height).toFixed(4);
  fill({ spot: image.dataset.file, x, y, quote: "", part: "", start: "" });
});

// A moment is chosen by stopping the video, or moving in it, while the form is open.
for (const type of ["pause", "seeked"]) {
  document.addEventListener(type, ({ target: video }) => {
    if (!video.matches?.("[data-commented] video[data-file]") || !box()?.open) return;
    const at = Math.floor(video.currentTime);
    const moment = `${Math.floor(at / 60)}:${String(at % 60).padStart(2, "0")}`;
    for (const [name, value] of Object.entries({ spot: video.dataset.file, moment, quote: "", part: "", start: "" })) {
      const field = box().querySelector(`[name=${name}]`);
      if (field) field.value = value; // the focus stays in the player
    }
  }, true);
}

// --- marking ------------------------------------------------------------------------------------------

function mark() {
  const whole = article();
  if (!whole || !CSS.highlights || whole.querySelector("mark")) return;
  const ranges = [];
  for (const comment of document.querySelectorAll(".comments > li[data-at]:not(.resolved)")) {
    const [part, start, end] = comment.dataset.at.split(":").map(Number);
    const text = whole.querySelector(`[data-words="${part}"] .text`);
    const node = text && [...textNodes(text)][0];
    if (!node) continue;
    const letters = [...node.data];
    const at = (count) => letters.slice(0, count).join("").length;
    if (end > letters.length) continue;
    const range = new Range();
    range.setStart(node, at(start));
    range.setEnd(node, at(end));
    ranges.push(range);
  }
  CSS.highlights.set("commented", new Highlight(...ranges));
}
mark();
document.addEventListener("htmx:afterSettle", mark);

// --- versions -----------------------------------------------------------------------------------------

for (const slider of document.querySelectorAll("[data-slider]")) slider.querySelector("button").hidden = true;
