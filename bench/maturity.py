"""Maturity on real snapshots of news stories every 20 minutes over 48 hours: fitted on 60 %, checked on 40 %.

A cell of -1 (not yet tracked) is unknown. Splits are drawn at random ten times, and once in the stories' order
of appearance, which is the harder and the more honest one. Peers in the same run: taking the young value as
final, and the plain median multiplier on (1 + x).
"""

from __future__ import annotations

import time

import numpy as np

from bench._real import absent, data, parquet, row
from quarterdeck.engines import maturity

FINAL, SPLITS, SEED = 48.0, 10, 20260301


def stories(columns: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    values = np.stack([columns[f"TS{i}"] for i in range(1, 145)], axis=1).astype(float)
    values[values < 0] = np.nan
    return np.arange(1, 145) / 3.0, values[np.argsort(columns["IDLink"], kind="stable")]


def check(ages: np.ndarray, values: np.ndarray, order: np.ndarray, hour: float) -> dict[str, float]:
    """Coverage of 80 %, median width in log, and mean absolute log errors of the estimate and the peers."""
    cut = len(order) * 6 // 10
    fitted = maturity.fit(ages, values[order[:cut]])
    column = int(round(hour * 3)) - 1
    learned = values[order[:cut]]
    multiplier = np.nanmedian(np.log1p(learned[:, -1]) - np.log1p(learned[:, column]))
    held = values[order[cut:]]
    held = held[~np.isnan(held[:, column]) & ~np.isnan(held[:, -1])]
    inside, width, error = [], [], []
    for young, old in zip(held[:, column], held[:, -1], strict=True):
        estimate, low, high = fitted.project(hour, young, FINAL)
        # Half a unit of grace for the rounding of expm1(log1p(x)).
        inside.append(low - 1e-6 * (1 + old) <= old <= high + 1e-6 * (1 + old))
        width.append(np.log1p(high) - np.log1p(low))
        error.append(abs(np.log1p(estimate) - np.log1p(old)))
    logs = np.log1p(held)
    raw = np.abs(logs[:, -1] - logs[:, column])
    return {
        "covered": float(np.mean(inside)),
        "width": float(np.median(width)),
        "ours": float(np.mean(error)),
        "raw": float(raw.mean()),
        "multiplier": float(np.abs(logs[:, -1] - logs[:, column] - multiplier).mean()),
    }


def main() -> list[dict]:
    path = data("ages/facebook_news_48h.parquet")
    if path is None:
        return absent("maturity", "ages/facebook_news_48h.parquet")
    ages, values = stories(parquet(path))
    rng = np.random.default_rng(SEED)
    rows = []
    for hour in (6.0, 24.0):
        runs = [check(ages, values, rng.permutation(len(values)), hour) for _ in range(SPLITS)]
        runs.append(check(ages, values, np.arange(len(values)), hour))
        random = {k: float(np.mean([r[k] for r in runs[:-1]])) for k in runs[0]}
        spread = [r["covered"] for r in runs[:-1]]
        ordered = runs[-1]
        rows.append(
            row(
                f"maturity: 80 % interval at {hour:g} h for 48 h covers, out of sample",
                f"{random['covered']:.1%} at random ({min(spread):.1%} to {max(spread):.1%}), "
                f"{ordered['covered']:.1%} in order of time",
                "76-84 %",
            )
        )
        rows.append(
            row(
                f"maturity: mean absolute log error at {hour:g} h for 48 h, in order of time",
                f"{ordered['ours']:.3f} (at random {random['ours']:.3f})",
                "",
                f"young value {ordered['raw']:.3f}; median multiplier {ordered['multiplier']:.3f}",
                f"{ordered['ours'] / ordered['multiplier']:.2f} of the multiplier's",
            )
        )
    began = time.process_time()
    maturity.fit(ages, values).project(6.0, 10.0, FINAL)
    rows.append(
        row(
            f"maturity: fit of {len(values)} stories x 144 ages and a first projection",
            f"{(time.process_time() - began) * 1e3:.0f} ms",
        )
    )
    return rows


if __name__ == "__main__":
    from bench.__main__ import table

    print(table(main()))
