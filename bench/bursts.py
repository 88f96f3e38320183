"""Bursts on 235,224 titles of December 2012 and January 2013, a source and a group being a community; and speed.

Recall is of the dated events of `_bursts_events`, listed before any run. The engine was made looking at those
before 5 January 2013; those after were held out, and are reported apart. The peer is Mastodon's rule (see
`_bursts_peers`) with both its cut-offs swept: its fewest alerts at no less recall than ours is what we are
held against. A null stream is the same titles with their times shuffled.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from bench._bursts_events import EVENTS
from bench._bursts_peers import DAY, Told, alerts, mastodon, reached
from bench._real import absent, data, parquet, row
from quarterdeck.engines.bursts import Bursts

SALT = [12345, 6789]
BUDGETS = (1.0, 2.0, 5.0, 10.0, 20.0)
NULL_BUDGETS = (1.0, 5.0, 20.0)
HELD_OUT = "2013-01-05"
WARM_DAYS = 7
THRESHOLDS, CUTS = (3, 4, 5, 6, 8, 10, 12), (1, 4, 9, 12, 16, 20, 25, 30, 36, 42, 50, 65, 80)


def detector(budget: float, terms: int = 2**18) -> Bursts:
    bursts = Bursts(budget, max_terms=terms)
    bursts._salt = SALT
    return bursts


def run(budget: float, times: np.ndarray, texts: list[str], sources: list[str]) -> list[Told]:
    bursts = detector(budget)
    found = []
    for low in range(0, len(times), 20_000):
        part = slice(low, low + 20_000)
        found += bursts.feed(times[part], texts[part], sources[part], sources[part])
    return [Told(alert.time.timestamp(), alert.term, alert.exemplars) for alert in found]


def null(times: np.ndarray, texts: list[str], sources: list[str]) -> list[dict]:
    order = np.random.default_rng(7).permutation(len(times))
    texts, sources = [texts[i] for i in order], [sources[i] for i in order]
    start = times[0] + WARM_DAYS * DAY
    days = (times[-1] - start) / DAY
    rows = []
    for budget in NULL_BUDGETS:
        told = run(budget, times, texts, sources)
        rate = sum(alert.time >= start for alert in told) / days
        rows.append(
            row(
                f"bursts: alerts a day on the null stream, budget {budget:g}",
                f"{rate:.2f}",
                "within a factor 2",
                ratio=f"{rate / budget:.2f}",
            )
        )
    return rows


def against_mastodon(times: np.ndarray, texts: list[str], sources: list[str]) -> list[dict]:
    rises = mastodon(times, texts, sources)
    start = EVENTS[0].time
    days = (times[-1] - start) / DAY
    theirs = [
        [one for one in alerts(rises, texts, threshold, cut) if one.time >= start]
        for threshold in THRESHOLDS
        for cut in CUTS
    ]
    ours = {
        budget: [one for one in run(budget, times, texts, sources) if one.time >= start] for budget in BUDGETS
    }
    rows = []
    parts = {"all": EVENTS, "held out": [event for event in EVENTS if event.onset >= HELD_OUT]}
    for name, events in parts.items():
        swept = [(sum(reached(told, events)[0]), len(told) / days, told) for told in theirs]
        for budget, told in ours.items():
            rows.append(
                compared(f"{name} {len(events)} events, budget {budget:g}", told, swept, events, days)
            )
    return rows


def compared(what: str, told: list[Told], swept: list, events: Sequence, days: float) -> dict:
    hits, delays = reached(told, events)
    chance = np.mean([reached(told, events, -shift * DAY)[0] for shift in (3, 4, 5)])
    equal = [(rate, recall, one) for recall, rate, one in swept if recall >= sum(hits)]
    figure = (
        f"{sum(hits)} found, {len(told) / days:.1f} alerts a day, median delay {np.median(delays):.1f} h, "
    )
    figure += f"by chance {chance * len(events):.1f}"
    if not equal:
        return row(f"bursts: {what}", figure, "<= 40 % of its alerts", "none of its settings finds as many")
    rate, recall, one = min(equal, key=lambda each: each[0])
    delay = np.median(reached(one, events)[1])
    peer = f"Mastodon's rule: {recall} found, {rate:.1f} a day, median delay {delay:.1f} h"
    return row(f"bursts: {what}", figure, "<= 40 % of its alerts", peer, f"{len(told) / days / rate:.2f}")


def robots(times: np.ndarray, texts: list[str], sources: list[str]) -> list[dict]:
    """Alerts that name the robots' product, on the real stream with robots put into its day 20."""
    at = times[0] + 20 * DAY
    upto = int(np.searchsorted(times, at + DAY))
    rng = np.random.default_rng(11)
    words = sorted({word for text in texts[:2000] for word in text.lower().split() if word.isalpha()})
    flood = [" ".join([*rng.choice(words, 4), "zorbax", *rng.choice(words, 4)]) for _ in range(10_000)]
    copy = "zorbax is the only cream that really works and doctors hate it"
    attacks = {
        "one source x 10,000 posts": (np.linspace(at, at + 3600, 10_000), flood, ["robot"] * 10_000),
        "200 copies by 200 new sources": (
            np.linspace(at, at + 1800, 200),
            [copy] * 200,
            [f"n{i}" for i in range(200)],
        ),
        "200 copies with a number, a link and a mention of their own": (
            np.linspace(at, at + 1800, 200),
            [f"@u{i} {copy} http://zorbax.example/{i} {i}" for i in range(200)],
            [f"n{i}" for i in range(200)],
        ),
    }
    rows = []
    for name, (when, what, who) in attacks.items():
        order = np.argsort(np.concatenate([times[:upto], when]), kind="stable")
        every = [*texts[:upto], *what], [*sources[:upto], *who]
        told = run(
            5.0, np.concatenate([times[:upto], when])[order], *([part[i] for i in order] for part in every)
        )
        named = sum("zorbax" in " ".join([alert.term, *alert.texts]).lower() for alert in told)
        rows.append(row(f"bursts: alerts raised by {name}", str(named), "0"))
    return rows


def resident() -> float:
    with open("/proc/self/statm") as said:
        return int(said.read().split()[1]) * 4096 / 1e6


def made_up(rng: np.random.Generator, size: int) -> list[str]:
    """Posts of 14 words from a Pareto over three million: about 27 terms each."""
    ranks = np.minimum((rng.pareto(0.6, (size, 14)) * 30).astype(np.int64), 3_000_000 - 1)
    return [
        " ".join(f"{chr(97 + v % 26)}{v:x}" for v in line) for line in ((ranks * 2654435761) % 2**32).tolist()
    ]


def speed(rounds: int = 40, size: int = 10_000) -> list[dict]:
    warm = detector(5.0, 1024)
    warm.feed([0.0, 4000.0, 8000.0, 3 * DAY], ["a b", "b c", "x", "y"], list("abcd"))
    warm.advance(4 * DAY)
    rng = np.random.default_rng(1)
    before = resident()
    bursts = detector(5.0, 2**22)
    # Every page of the tables is touched, as after weeks, and a thin past of three days makes all stages run.
    bursts._long[:, 3], bursts._fresh[:], bursts._recent[:] = 1, 0, 0
    for part in range(30):
        times = (part + np.arange(size) / size) * DAY / 10
        bursts.feed(
            times, made_up(rng, size), [f"p{value:x}" for value in rng.integers(0, 200_000, size).tolist()]
        )
    at, used, most, found = 3 * DAY, 0.0, 0.0, 0
    for _ in range(rounds):
        texts = made_up(rng, size)
        sources = [f"did:plc:{value:x}" for value in rng.integers(0, 200_000, size).tolist()]
        times = at + np.arange(size) / 36.0
        at = float(times[-1]) + 1 / 36
        began = time.process_time()
        found += len(bursts.feed(times, texts, sources))
        used += time.process_time() - began
        del texts, sources
        most = max(most, resident() - before)
    rate = rounds * size / used
    return [
        row(
            f"bursts: posts a CPU second, {2**22} slots, {rounds * size} made-up posts at 36 a second, one core",
            f"{rate / 1e3:.0f}k ({found} alerts)",
            ">= 150k (reach 200k)",
            ratio=f"{rate / 150e3:.2f}",
        ),
        row("bursts: memory above imports in that run, the batch included", f"{most:.0f} MB", "<= 300 MB"),
    ]


def main() -> list[dict]:
    rows = speed()
    path = data("titles/titles_2012-12_2013-01.parquet")
    if path is None:
        return rows + absent("bursts", "titles/titles_2012-12_2013-01.parquet")
    columns = parquet(path)
    stream = columns["t"].astype(float), columns["title"].tolist(), columns["sub"].tolist()
    return rows + null(*stream) + against_mastodon(*stream) + robots(*stream)


if __name__ == "__main__":
    from bench.__main__ import table

    print(table(main()))
