// What the server refuses (marked X-Problem) is shown where it was tried, in the form's [data-problem], or among the
// toasts. What never arrived is told honestly: whether an act was done is not known then.
import { show } from "./toasts.js";

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, elt } = event.detail;
  if (!xhr.getResponseHeader("X-Problem")) return;
  const place = elt.closest("form")?.querySelector("[data-problem]");
  event.detail.shouldSwap = true;
  event.detail.isError = false;
  if (place) {
    event.detail.target = place;
    event.detail.swapOverride = "innerHTML";
  }
});

document.addEventListener("htmx:responseError", (event) => unknown(event, "The server answered with something unexpected."));
document.addEventListener("htmx:sendError", (event) => unknown(event, "The server did not answer."));
document.addEventListener("htmx:timeout", (event) => unknown(event, "The server took too long to answer."));

let saidAt = 0;

function unknown(event, what) {
  const reads = (event.detail.requestConfig?.verb ?? "get") === "get";
  if (reads && Date.now() - saidAt < 30_000) return; // parts refresh by themselves: say it once
  if (reads) saidAt = Date.now();
  const then = reads
    ? "What you see may be out of date. Try again in a moment."
    : "It is not known whether this was done; look before you try again.";
  show({ text: `${what} ${then}`, tone: "coral" });
}
