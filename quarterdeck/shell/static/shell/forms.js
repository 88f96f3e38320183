// A form is sent once: a second press while the first is on its way does nothing. Errors get the focus. A button
// with data-busy starts something long: its words stand below it until the next page comes.
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
  if (busy.has(form)) return event.preventDefault();
  mark(form, true);
  if (event.submitter?.dataset.busy) wait(form, event.submitter.dataset.busy);
});

function wait(form, words) {
  const shape = document.getElementById("busy-shape")?.content.firstElementChild;
  if (!shape) return;
  const place = shape.cloneNode(true);
  place.querySelector("progress").setAttribute("aria-label", words);
  form.append(place);
  setTimeout(() => (place.querySelector("p").textContent = words), 50); // said aloud once the place is there
}

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
  if (!event.persisted) return;
  for (const form of document.forms) mark(form, false);
  for (const place of document.querySelectorAll(".busy")) place.remove();
});

// A refused form is shown at the address it was sent to; data-address names the page one means to be on, so that
// a reload or a copied address leads there.
const address = document.querySelector("[data-address]")?.dataset.address;
if (address && address !== location.pathname) history.replaceState(history.state, "", address);

document.querySelector("[data-focus]")?.focus();
document.addEventListener("htmx:afterSettle", (event) => event.target.querySelector?.("[data-focus]")?.focus());
