// A picture from the library: its dialog opens for one part, is searched in place, and hands over what is chosen.
const dialog = document.getElementById("library");
const said = dialog?.querySelector("[data-library-said]");
let asked = 0;
let part = null; // the part it is open for
let chosen = () => "";

/** Open the library for a part whose text goes to `networks`; `taken(part, made)` adds what is chosen, and answers with
what it did in words. */
export function choose(wanted, networks, taken) {
  part = wanted;
  chosen = taken;
  said.textContent = "";
  dialog.showModal();
  shelf(`${dialog.dataset.at}?${new URLSearchParams(networks.map((one) => ["on", one]))}`);
}

async function shelf(address) {
  const mine = (asked += 1);
  document.getElementById("choose").replaceChildren();
  said.textContent = "The library is being opened.";
  try {
    const answer = await fetch(address);
    if (!answer.ok || answer.redirected) throw new Error("not there");
    const html = await answer.text();
    if (mine !== asked) return; // it was opened again meanwhile
    document.getElementById("choose").outerHTML = html;
  } catch {
    if (mine !== asked) return;
    said.textContent = "The library could not be opened. Nothing in your text was changed. Close this, and try again in a moment.";
    return;
  }
  counted();
  htmx.process(document.getElementById("choose"));
  document.getElementById("choose-words").focus();
}

function counted() {
  const count = dialog.querySelectorAll(".tile").length;
  said.textContent = count === 1 ? "1 file is shown." : `${count} files are shown.`;
  mark();
}

function mark() {
  for (const button of dialog.querySelectorAll("[data-choose]")) {
    const here = part.querySelector(`[data-image="${button.dataset.file}"]`);
    if (here && !button.querySelector(".tag")) button.append(Object.assign(document.createElement("span"), { className: "tag", textContent: "in this part" }));
  }
}

function take(button) {
  const { file, url, name, alt } = button.dataset;
  const words = chosen(part, { file, url, name, alt });
  if (!dialog.querySelector("[data-several]").checked) return dialog.close();
  said.textContent = words;
  return mark();
}

// Arrow keys go from picture to picture; up and down by where they stand.
const STEPS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

function walk(event) {
  const from = event.target.closest("[data-choose]");
  const step = STEPS[event.key];
  if (!step || !from || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const every = [...dialog.querySelectorAll(".tile > [data-choose]")];
  const [along, down] = step;
  const at = every.indexOf(from.closest(".tile").querySelector("[data-choose]"));
  if (along) return void every[at + along]?.focus();
  const middle = (one) => one.getBoundingClientRect().left + one.getBoundingClientRect().width / 2;
  const row = (one) => Math.round(one.getBoundingClientRect().top);
  const ahead = every.filter((one) => (row(one) - row(from)) * down > 0).sort((a, b) => (row(a) - row(b)) * down || Math.abs(middle(a) - middle(from)) - Math.abs(middle(b) - middle(from)));
  ahead[0]?.focus();
}

dialog?.addEventListener("click", (event) => {
  const button = event.target.closest("[data-choose]");
  if (button) take(button);
});
dialog?.addEventListener("keydown", walk);
dialog?.addEventListener("htmx:afterSettle", counted);
