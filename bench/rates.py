"""Shrunk rates on the Upworthy archive, thinned: do estimates and winners deliver what they claim?

Each arm is thinned without replacement to 156 impressions (and to 31 and 1,561); the arm with the highest
estimate of each test is chosen; what it delivers is its click rate on its remaining impressions. The ratio to
raw rates is also given for an oracle that is told the real click rates of all tests and how arms scatter in
them: no method that sees the thinned counts alone can be expected to beat it.
"""

from __future__ import annotations

import time

import numpy as np
from scipy.special import betaln

from bench._real import absent, data, parquet, row
from quarterdeck.engines.rates import benjamini_hochberg, permutation_test, shrink

DATA = "experiments/upworthy_dev.parquet"
SEEDS = range(5)


def archive() -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """(impressions, clicks, test number) per arm, sorted by test."""
    path = data(DATA)
    if path is None:
        return None
    columns = parquet(path)
    test = np.unique(columns["clickability_test_id"].astype(str), return_inverse=True)[1]
    order = np.argsort(test, kind="stable")
    return columns["impressions"][order].astype(int), columns["clicks"][order].astype(int), test[order]


def _rms(error: np.ndarray) -> float:
    return float(np.sqrt(np.mean(error**2)))


def _winners(estimate: np.ndarray, test: np.ndarray) -> np.ndarray:
    order = np.lexsort((-estimate, test))
    return order[np.flatnonzero(np.diff(test[order], prepend=-1))]


def _oracle(hits: np.ndarray, size: np.ndarray, test: np.ndarray, means: np.ndarray) -> np.ndarray:
    """Posterior means under the real distribution of test means and the real scatter of arms."""
    node = np.quantile(means, (np.arange(150) + 0.5) / 150)
    kappa = 1700 * means.mean() / node  # scatter measured on the whole counts, see the docstring
    a, b = node * kappa, (1 - node) * kappa
    arm = betaln(hits[:, None] + a, size[:, None] - hits[:, None] + b) - betaln(a, b)
    log = np.add.reduceat(arm, np.flatnonzero(np.diff(test, prepend=-1)), axis=0)
    weight = np.exp(log - log.max(axis=1, keepdims=True))
    weight /= weight.sum(axis=1, keepdims=True)
    return (weight[test] * ((hits[:, None] + a) / (size[:, None] + kappa))).sum(axis=1)


def _thinned(shown: np.ndarray, clicks: np.ndarray, test: np.ndarray, to: int) -> list[dict]:
    full = clicks / shown
    means = np.bincount(test, clicks) / np.bincount(test, shown)
    found = []
    for seed in SEEDS:
        size = np.minimum(shown, to)
        hits = np.random.default_rng(seed).hypergeometric(clicks, shown - clicks, size)
        began = time.process_time()
        shrunk = shrink(hits, size, test)
        spent = time.process_time() - began
        raw = hits / size
        rest = (clicks - hits) / np.maximum(shown - size, 1)
        best, lucky = _winners(shrunk.mean, test), _winners(raw, test)
        found.append(
            [
                _rms(shrunk.mean - full) / _rms(raw - full),
                _rms(_oracle(hits, size, test, means) - full) / _rms(raw - full),
                shrunk.mean[best].mean() / rest[best].mean(),
                raw[lucky].mean() / rest[lucky].mean(),
                np.mean((shrunk.low <= full) & (full <= shrunk.high)),
                spent,
            ]
        )
    error, oracle, claim, lucky_claim, cover, spent = np.mean(found, axis=0)
    worst = np.abs(np.array(found)[:, 2] - 1).max()
    name = f"rates: Upworthy thinned to {to} impressions, {test.max() + 1} tests"
    target = to == 156
    return [
        row(
            f"{name}: RMSE against raw",
            f"{error:.3f}",
            "<= 0.56" if target else "",
            f"oracle that knows the real spread of tests: {oracle:.3f}",
            f"{error / oracle:.3f}",
        ),
        row(
            f"{name}: chosen arm's claim over what it delivers",
            f"{claim:.3f} (worst of {len(SEEDS)} thinnings off by {worst:.1%})",
            "0.90 to 1.10" if target else "",
            f"raw rates: {lucky_claim:.2f}",
        ),
        row(f"{name}: 80 % interval holds the rate of the whole", f"{cover:.1%}"),
        row(f"{name}: seconds of CPU for all {test.size} arms", f"{spent:.2f}"),
    ]


def _made_up() -> list[dict]:
    rng = np.random.default_rng(0)
    flags = []
    for _ in range(200):
        p = np.append(rng.random(180), rng.beta(0.2, 20, 20))
        q = benjamini_hochberg(p)
        flags.append((q[:180] <= 0.1).sum() / max((q <= 0.1).sum(), 1))
    began = time.process_time()
    permutation_test(rng.normal(size=500), rng.integers(0, 2, 500), draws=5_000)
    spent = time.process_time() - began
    return [
        row(
            "rates: false discoveries among flagged at 10 %, 20 of 200 real",
            f"{np.mean(flags):.1%}",
            "<= 10 %",
        ),
        row("rates: 5,000 permutations of 500 posts, seconds of CPU", f"{spent:.2f}"),
    ]


def main() -> list[dict]:
    found = archive()
    if found is None:
        return absent("rates", DATA) + _made_up()
    return [line for to in (156, 31, 1561) for line in _thinned(*found, to)] + _made_up()


if __name__ == "__main__":
    for line in main():
        print(line)
