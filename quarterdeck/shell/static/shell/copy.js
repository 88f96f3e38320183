// <button data-copy="#id"> copies that element's value or text, and says what happened.
import { say, show } from "./toasts.js";

async function put(text, source) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  // By address instead of localhost, browsers offer only the old way.
  if (source.select) source.select();
  else getSelection().selectAllChildren(source);
  if (!document.execCommand("copy")) throw new Error("refused");
  return undefined;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  const source = button && document.querySelector(button.dataset.copy);
  if (!source) return;
  try {
    await put(source.value ?? source.textContent.trim(), source);
    button.dataset.label ??= button.textContent;
    button.textContent = "Copied";
    say("Copied.");
    setTimeout(() => (button.textContent = button.dataset.label), 2500);
  } catch {
    if (source.select) source.select();
    else getSelection().selectAllChildren(source);
    show({ text: "This browser did not allow copying. The text is selected: press Ctrl C.", tone: "coral" });
  }
});
