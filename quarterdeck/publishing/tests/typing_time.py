"""How long the composer takes from a key to what follows it, on a processor four times slower. The bench prints the
figures; the browser test only asks that it is not hopeless, because a loaded machine is no measure."""

from __future__ import annotations

import statistics

SLOWER = 4
_PREPARE = """() => {
  const field = document.querySelector("[data-source]");
  const gauge = document.querySelector("[data-part] .meter:not([hidden]) b");
  const begun = Boolean(window.qdTimes);
  window.qdTimes = { meter: [], shown: [] };
  if (begun) return;
  let began = 0;
  field.addEventListener("beforeinput", () => (began = performance.now()), true);
  const note = (name) => window.qdTimes[name].push(performance.now() - began);
  new MutationObserver(() => note("meter")).observe(gauge, { childList: true });
  field.addEventListener("input", () => requestAnimationFrame(() => setTimeout(note, 0, "shown")));
}"""


def measured(page, text: str) -> dict[str, float]:
    """Type `text` into the composer's first field, key by key: the 95th percentiles in milliseconds from the key to
    the meter's new count, and to the frame after it (with every preview drawn); and `layouts`: how often a key makes
    the browser lay the page out anew, which a loaded machine does not change."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    try:
        page.evaluate(_PREPARE)
        before = _layouts(session)
        page.locator("[data-source]").first.press_sequentially(text, delay=60)
        page.wait_for_timeout(300)
        times = page.evaluate("qdTimes")
        layouts = (_layouts(session) - before) / len(text)
    finally:
        session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    return {name: statistics.quantiles(found, n=20)[18] for name, found in times.items()} | {
        "layouts": layouts
    }


def _layouts(session) -> float:
    every = session.send("Performance.getMetrics")["metrics"]
    return next(one["value"] for one in every if one["name"] == "LayoutCount")
