// A spreadsheet may be dropped anywhere on its form: it is put into the form's own field, and the form is sent.
for (const form of document.querySelectorAll("form[data-drop]")) {
  const field = form.querySelector("input[type=file]");
  const told = form.querySelector("[data-told]");
  const brings = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  const over = (on) => form.classList.toggle("dropping", on);

  told.textContent = "You can also drop the file here.";
  form.addEventListener("dragover", (event) => {
    if (!brings(event)) return;
    event.preventDefault();
    over(true);
  });
  form.addEventListener("dragleave", (event) => form.contains(event.relatedTarget) || over(false));
  form.addEventListener("drop", (event) => {
    if (!brings(event)) return;
    event.preventDefault();
    over(false);
    if (event.dataTransfer.files.length > 1) {
      told.textContent = "One file at a time, please. Nothing was sent.";
      return;
    }
    field.files = event.dataTransfer.files;
    told.textContent = `Reading “${field.files[0].name}”.`;
    form.requestSubmit();
  });
}
