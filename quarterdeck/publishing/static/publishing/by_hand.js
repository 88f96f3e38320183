// Posting by hand, where the browser can help more than a plain page: paste the link with one tap, and hand text and
// images to the phone's own share sheet. Where it cannot, the buttons stay hidden and everything else works.
import { show } from "../shell/toasts.js";

const pastes = Boolean(navigator.clipboard?.readText && window.isSecureContext);
const files = new WeakMap(); // a part's article -> its images as files

// Images are fetched ahead: a share sheet opens only in the moment of the tap.
async function asFile(image, index) {
  const answer = await fetch(image.src);
  if (!answer.ok) throw new Error("not there");
  const bytes = await answer.blob();
  const [kind, ending] = bytes.type.split("/");
  return new File([bytes], `${kind}-${index + 1}.${ending ?? "bin"}`, { type: bytes.type });
}

function ready() {
  for (const button of document.querySelectorAll("[data-paste]")) button.hidden = !pastes;
  if (!navigator.share) return;
  for (const button of document.querySelectorAll("[data-share]")) {
    button.hidden = false;
    const part = button.closest("article");
    if (files.has(part)) continue;
    files.set(part, []);
    const images = [...part.querySelectorAll("img[data-file]")]; // a video is saved by its link: it may be large
    Promise.all(images.map(asFile)).then((all) => files.set(part, all)).catch(() => {});
  }
}

async function paste(button) {
  const field = document.querySelector(button.dataset.paste);
  try {
    field.value = (await navigator.clipboard.readText()).trim();
  } catch {
    show({ text: "This browser did not allow pasting here. Press and hold in the field, then paste.", tone: "coral" });
  }
  field.focus();
}

async function share(button) {
  const text = document.querySelector(button.dataset.share).textContent.trim();
  const images = files.get(button.closest("article")) ?? [];
  const all = { text, files: images };
  try {
    await navigator.share(images.length && navigator.canShare?.(all) ? all : { text });
  } catch (refused) {
    if (refused.name === "AbortError") return;
    show({ text: "This browser did not share it. Copy the text instead.", tone: "coral" });
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-paste], [data-share]");
  if (button) (button.dataset.paste ? paste : share)(button);
});
document.addEventListener("htmx:afterSettle", ready);
ready();
