// The next free time of the chosen channels, filled into the form. Nothing is planned by it.

/** Ask for it, fill it in, and say why that one or why none. */
export async function free(form, button, channels) {
  const said = form.querySelector("[data-slot-said]");
  const asked = [...channels.map((one) => ["channel", one]), ["post", form.elements.post?.value ?? ""]];
  said.textContent = "";
  try {
    const answer = await fetch(`${button.dataset.slot}?${new URLSearchParams(asked)}`, { headers: { Accept: "application/json" } });
    if (!answer.ok || answer.redirected) throw new Error("not there");
    const { wall, words } = await answer.json();
    if (wall) {
      form.elements.when.value = wall;
      form.elements.when.dispatchEvent(new Event("change", { bubbles: true }));
    }
    said.textContent = words;
  } catch {
    said.textContent = "The server could not be asked for a free slot. The time was not changed; please choose one yourself, or try again.";
  }
}
