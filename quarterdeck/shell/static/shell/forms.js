// A form is sent once: a second press while the first is on its way does nothing. Errors get the focus.
const busy = new WeakSet();
const acts = (form) => form.method.toLowerCase() === "post";

function mark(form, on) {
  if (on) busy.add(form);
  else busy.delete(form);
  for (const button of form.querySelectorAll("button:not([type=button], [type=reset])")) {
    if (on) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "dialog" || !acts(form) || event.defaultPrevented) return;
  if (busy.has(form)) event.preventDefault();
  else mark(form, true);
});

document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, requestConfig } = event.detail;
  if (requestConfig.verb === "get" || event.defaultPrevented) return;
  if (busy.has(elt)) event.preventDefault();
  else busy.add(elt);
  if (elt.matches("form")) mark(elt, true);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const { elt } = event.detail;
  busy.delete(elt);
  if (elt.matches?.("form")) mark(elt, false);
});

// Back and forward show the page as it was left: its forms can be sent again.
addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.forms) mark(form, false);
});

document.querySelector("[data-focus]")?.focus();
document.addEventListener("htmx:afterSettle", (event) => event.target.querySelector?.("[data-focus]")?.focus());
