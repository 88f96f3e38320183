"""Sample ratios on the Upworthy archive, sample sizes and looks in simulation, beside what people do today.

Looks: 3,000 units an arm at a base rate of 1.5 %, 40 looks of 75 units an arm, 20,000 A/A and 4,000 A/B runs.
The peers are a z test read at every look, one z test at the end, and the mixture sequential probability ratio
test of normal data, written here; statsmodels gives its own sample sizes in its own environment.
"""

from __future__ import annotations

import json
import subprocess
import time

import numpy as np

from bench._real import absent, data, environment, parquet, row
from quarterdeck.engines import experiments
from quarterdeck.engines.experiments import evalue, planned_looks, sample_ratio, sample_size

DATA = "experiments/upworthy_dev.parquet"
BASE, LOOKS, STEP = 0.015, 40, 75
LIFTS = (0.1, 0.2, 0.3, 0.6, 1.0)
_PEER = """
import json
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportion_effectsize as size
power = NormalIndPower()
lifts = (0.1, 0.2, 0.3, 0.6, 1.0)
print(json.dumps([float(power.solve_power(size(0.0152 * (1 + l), 0.0152), alpha=0.05, power=0.8)) for l in lifts]))
"""


def _ratios() -> list[dict]:
    path = data(DATA)
    if path is None:
        return absent("experiments: sample ratio", DATA)
    columns = parquet(path)
    names, test = np.unique(columns["clickability_test_id"].astype(str), return_inverse=True)
    week = np.zeros(names.size, dtype=int)
    week[test] = columns["test_week"].astype(int)
    arms = [columns["impressions"][test == t] for t in range(names.size)]
    many = [t for t in range(names.size) if arms[t].size > 1]
    began = time.process_time()
    flagged = np.array([sample_ratio(arms[t]) < 0.001 for t in many])
    spent = (time.process_time() - began) / len(many) * 1e6
    fault = np.array([201326 <= week[t] <= 201402 for t in many])
    return [
        row(
            f"experiments: sample ratio p < 0.001, Upworthy weeks 201326-201402 ({fault.sum()} tests)",
            f"{flagged[fault].mean():.1%}",
            ">= 60 %",
        ),
        row(
            f"experiments: the same outside these weeks ({(~fault).sum()} tests)",
            f"{flagged[~fault].mean():.2%}",
            "<= 1.5 %",
        ),
        row("experiments: microseconds of CPU per sample ratio", f"{spent:.0f}"),
    ]


def _runs(rate: float, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return tuple(np.cumsum(rng.binomial(STEP, r, (count, LOOKS)), axis=1) for r in (BASE, rate))  # type: ignore


def _z(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    n = STEP * np.arange(1, LOOKS + 1)
    pool = (a + b) / (2 * n)
    with np.errstate(invalid="ignore", divide="ignore"):
        z = (b - a) / n / np.sqrt(2 * pool * (1 - pool) / n)
    return np.nan_to_num(z)


def _mixture(a: np.ndarray, b: np.ndarray, tau: float = 0.012) -> np.ndarray:
    """The normal mixture sequential probability ratio of Johari et al. 2017, variance plugged in."""
    n = STEP * np.arange(1, LOOKS + 1)
    pool = (a + b) / (2 * n)
    variance = np.maximum(2 * pool * (1 - pool), 1e-12)
    gap = (b - a) / n
    spread = variance + n * tau**2
    return np.sqrt(variance / spread) * np.exp(n**2 * tau**2 * gap**2 / (2 * variance * spread))


def _looks() -> list[dict]:
    null, twofold = _runs(BASE, 20_000, 1), _runs(2 * BASE, 4_000, 2)
    obf = planned_looks(5)
    at = np.arange(7, LOOKS, 8)
    methods = {
        "e-value": lambda a, b: np.stack([evalue(x, y) for x, y in zip(a, b, strict=True)]) >= 20,
        "naive z at every look": lambda a, b: np.abs(_z(a, b)) >= 1.959964,
        "one z at the end": lambda a, b: np.abs(_z(a, b))[:, -1:] >= 1.959964,
        "mixture SPRT": lambda a, b: _mixture(a, b) >= 20,
        "5 planned looks": lambda a, b: np.abs(_z(a, b))[:, at] >= obf,
    }
    began = time.process_time()
    crossed = {name: (method(*null), method(*twofold)) for name, method in methods.items()}
    wrong = {name: c[0].any(axis=1).mean() for name, c in crossed.items()}
    power = {name: c[1].any(axis=1).mean() for name, c in crossed.items()}
    hits = crossed["e-value"][1]
    stop = np.median(STEP * (hits[hits.any(axis=1)].argmax(axis=1) + 1))
    evalue(*(x[0] for x in null))
    spent = time.process_time() - began
    others = ("naive z at every look", "one z at the end", "mixture SPRT")
    return [
        row(
            "experiments: A/A with 40 looks, false positives of the e-value",
            f"{wrong['e-value']:.1%}",
            "<= 5 %",
            "; ".join(f"{name} {wrong[name]:.1%}" for name in others),
            f"{wrong['e-value'] / wrong[others[0]]:.2f}",
        ),
        row(
            "experiments: power at twofold rate (1.5 %, 3,000 an arm)",
            f"{power['e-value']:.3f}, median stop at {stop:.0f} an arm",
            ">= 0.86",
            "; ".join(f"{name} {power[name]:.3f}" for name in others),
            f"{power['e-value'] / power['one z at the end']:.2f}",
        ),
        row(
            "experiments: five planned looks, false positives and power",
            f"{wrong['5 planned looks']:.1%}, {power['5 planned looks']:.3f}",
            "5 %",
            f"one z at the end {wrong['one z at the end']:.1%}, {power['one z at the end']:.3f}",
        ),
        row("experiments: seconds of CPU for 24,000 runs of five methods", f"{spent:.1f}"),
    ]


def _sizes() -> list[dict]:
    ours = [sample_size(0.0152, lift) for lift in LIFTS]
    python = environment("experiments", "statsmodels==0.15.0")
    said = subprocess.run([python, "-c", _PEER], check=True, capture_output=True, text=True).stdout
    theirs = [int(np.ceil(n)) for n in json.loads(said)]
    return [
        row(
            "experiments: units an arm at 1.52 % for +10, 20, 30, 60, 100 %",
            ", ".join(f"{n:,}" for n in ours),
            "equal",
            "statsmodels " + ", ".join(f"{n:,}" for n in theirs),
            f"{max(abs(a / b - 1) for a, b in zip(ours, theirs, strict=True)):.1e} apart",
        )
    ]


def _prior() -> list[dict]:
    """What other priors would have given: the choice is not on an edge."""
    twofold, kept, found = _runs(2 * BASE, 4_000, 3), experiments.PRIOR, []
    for prior in (3.0, 6.0, 12.0):
        experiments.PRIOR = prior
        hit = np.stack([evalue(x, y) for x, y in zip(*twofold, strict=True)]) >= 20
        found.append(f"beta({prior:.0f}, {prior:.0f}) {hit.any(axis=1).mean():.3f}")
    experiments.PRIOR = kept
    return [row("experiments: power at twofold rate by prior", ", ".join(found))]


def main() -> list[dict]:
    return _ratios() + _looks() + _prior() + _sizes()


if __name__ == "__main__":
    for line in main():
        print(line)
