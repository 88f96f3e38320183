"""Timing on 500 posts of one brand: what the named time claims on one half, and what it gets on the other.

300 random halves. Claimed: exp(effect) of the named time on the first half. Realised: posts of the second half
at exactly that weekday and hour, as a geometric mean against the second half's average after the same
covariates (kind, category, paid, month) were regressed out there; pooled over halves on the log scale. Peer:
the usual heatmap, the hour with the highest raw mean, at its raw claim. Shuffled: hours and weekdays shuffled
among posts, where every named time is false.
"""

from __future__ import annotations

import csv
import time

import numpy as np

from bench._real import absent, data, row
from quarterdeck.engines import timing

SPLITS, SHUFFLES, SEED = 300, 300, 20260301


def posts() -> dict[str, np.ndarray] | None:
    path = data("posts/facebook_page_500.csv")
    if path is None:
        return None
    with path.open() as lines:
        rows = list(csv.DictReader(lines))
    return {
        "weekday": np.array([int(r["Post Weekday"]) - 1 for r in rows]),
        "hour": np.array([int(r["Post Hour"]) % 24 for r in rows]),
        "value": np.array([float(r["Total Interactions"]) for r in rows]),
        "kind": np.array([r["Type"] for r in rows]),
        "category": np.array([r["Category"] for r in rows]),
        "paid": np.array([r["Paid"] or "unknown" for r in rows]),
        "month": np.array([r["Post Month"] for r in rows]),
    }


def _part(table: dict[str, np.ndarray], chosen: np.ndarray) -> dict[str, np.ndarray]:
    return {name: column[chosen] for name, column in table.items()}


def _adjusted(table: dict[str, np.ndarray]) -> np.ndarray:
    """log(1 + value) after covariates, without any effect of time."""
    columns = [np.ones(len(table["value"]))]
    for name in ("kind", "category", "paid", "month"):
        columns += [(table[name] == level).astype(float) for level in np.unique(table[name])[1:]]
    x, y = np.stack(columns, axis=1), np.log1p(table["value"])
    return y - x @ np.linalg.lstsq(x, y, rcond=None)[0]


def halves(table: dict[str, np.ndarray]) -> dict[str, float]:
    rng = np.random.default_rng(SEED)
    named, claimed, weighted, realised, raw_claimed, raw_realised = 0, [], [], [], [], []
    for _ in range(SPLITS):
        order = rng.permutation(len(table["value"]))
        first, second = (_part(table, half) for half in (order[::2], order[1::2]))
        told = timing.fit(**first)
        if told.best is not None:
            named += 1
            claimed.append(told.effect[told.best])
            there = (second["weekday"] == told.best[0]) & (second["hour"] == told.best[1])
            got = _adjusted(second)[there]
            realised += list(got)
            weighted += [told.effect[told.best]] * len(got)
        means = {h: first["value"][first["hour"] == h].mean() for h in np.unique(first["hour"])}
        winner = max(means, key=means.__getitem__)
        raw_claimed.append(means[winner] / first["value"].mean())
        there = second["hour"] == winner
        if there.any():
            raw_realised.append(second["value"][there].mean() / second["value"].mean())
    return {
        "named": named,
        "claimed": float(np.exp(np.mean(claimed))) if claimed else 1.0,
        "claimed_there": float(np.exp(np.mean(weighted))) if weighted else 1.0,
        "realised": float(np.exp(np.mean(realised))) if realised else 1.0,
        "posts": len(realised),
        "raw": float(np.mean(raw_claimed)),
        "raw_realised": float(np.mean(raw_realised)),
    }


def shuffled(table: dict[str, np.ndarray]) -> float:
    """Share of shuffles in which no best time is named."""
    rng, refused = np.random.default_rng(SEED + 1), 0
    for _ in range(SHUFFLES):
        order = rng.permutation(len(table["value"]))
        moved = {**table, "weekday": table["weekday"][order], "hour": table["hour"][order]}
        refused += timing.fit(**moved).best is None
    return refused / SHUFFLES


def main() -> list[dict]:
    table = posts()
    if table is None:
        return absent("timing", "posts/facebook_page_500.csv")
    began = time.process_time()
    told = timing.fit(**table)
    spent = time.process_time() - began
    half = halves(table)
    ratio = half["claimed_there"] / half["realised"]
    named = "none" if told.best is None else f"weekday {told.best[0]}, hour {told.best[1]}"
    return [
        row(
            "timing: best time claimed / realised over 300 split halves",
            f"{ratio:.2f} (claims {half['claimed_there']:.2f}x, gets {half['realised']:.2f}x, "
            f"{half['posts']} posts)",
            "0.8-1.25",
            f"raw mean by hour {half['raw'] / half['raw_realised']:.2f} "
            f"(claims {half['raw']:.2f}x, gets {half['raw_realised']:.2f}x)",
        ),
        row(
            "timing: halves in which a best time is refused",
            f"{1 - half['named'] / SPLITS:.1%}",
            "reported",
            "raw mean by hour 0 %",
        ),
        row("timing: shuffled times refused", f"{shuffled(table):.1%}", ">= 95 %"),
        row("timing: one fit of 500 posts with its permutations", f"{spent * 1e3:.0f} ms; best: {named}"),
    ]


if __name__ == "__main__":
    from bench.__main__ import table

    print(table(main()))
