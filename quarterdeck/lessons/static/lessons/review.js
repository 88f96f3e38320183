// Ctrl+Enter closes the review; in a form of its own (a commitment, a view) it sends that one.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing || event.defaultPrevented) return;
  const own = event.target.form;
  const closes = document.querySelector("[data-closes]");
  if (!own) return;
  event.preventDefault();
  if (closes && own === closes.form) own.requestSubmit(closes);
  else own.requestSubmit();
});
