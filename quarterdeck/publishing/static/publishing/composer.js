// The composer: meters and previews follow the text and the chosen channels; Ctrl+Enter asks for approval.
// Characters are counted as the server counts them: Unicode code points, line ends as one.
const form = document.querySelector("[data-composer]");
const source = form?.querySelector("[data-source]");

const count = (text) => [...text.replace(/\r\n?/g, "\n")].length;

function meter(box, length, limit) {
  const over = length - limit;
  const bar = box.querySelector("progress");
  box.querySelector("b").textContent = `${length} / ${limit}`;
  bar.value = Math.min(length, limit);
  bar.className = over > 0 ? "coral" : over > -limit / 10 ? "amber" : "";
  const said = over > 0 ? `${over} too many.` : "";
  const words = box.querySelector(".said");
  if (words.textContent !== said) words.textContent = said;
}

function follow() {
  const text = source.value;
  const length = count(text);
  let any = false;
  for (const chip of form.querySelectorAll("input[name=channels]")) {
    const box = form.querySelector(`[data-meter="${chip.value}"]`);
    const preview = form.querySelector(`[data-preview="${chip.value}"]`);
    box.hidden = preview.hidden = !chip.checked;
    any ||= chip.checked;
    if (!chip.checked) continue;
    meter(box, length, Number(chip.dataset.limit));
    preview.querySelector("[data-text]").textContent = text || "What you write appears here.";
  }
  form.querySelector("[data-none]").hidden = any;
}

if (source) {
  source.addEventListener("input", follow);
  form.addEventListener("change", follow);
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("[data-ask]"));
  });
  follow();
}
