// The pictures of an idea: chosen, dropped or pasted, each sent at once, as in the composer.
import { show } from "../publishing/parts.js";
import { accept, waiting } from "../publishing/pictures.js";

const form = document.querySelector("[data-idea]");

if (form) {
  form.classList.add("scripted");
  accept(form, show, form.dataset.called);
  form.addEventListener("click", ({ target }) => target.closest("[data-drop]")?.closest("[data-image]").remove());
  form.addEventListener("submit", (event) => {
    if (!waiting()) return;
    event.preventDefault();
    form.querySelector("[data-said]").textContent = "A picture is still on its way. It is kept as soon as it is here.";
    form.addEventListener("qd:pictures", () => form.requestSubmit(), { once: true });
  });
}
