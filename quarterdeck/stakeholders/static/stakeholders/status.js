// The page of a request stays true while it lies open: it asks for itself every half minute and takes over what changed.
// Nothing is replaced under somebody's hands. Without this it is true whenever it is opened.

const EVERY = 30_000;

// What it says, whatever words the browser finds for its times.
function words(part) {
  const copy = part.cloneNode(true);
  for (const one of copy.querySelectorAll("time")) one.textContent = one.dateTime;
  return copy.textContent;
}

async function renew() {
  const held = document.querySelector("[data-renewed]");
  if (!held || document.hidden || held.contains(document.activeElement) || held.querySelector("details[open]")) return;
  const answer = await fetch(location.pathname).catch(() => null); // no network: the next time
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = page.querySelector("[data-renewed]");
  if (found && words(found) !== words(held) && !held.contains(document.activeElement)) held.replaceWith(found);
}

setInterval(renew, EVERY);
