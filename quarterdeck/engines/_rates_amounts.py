"""Log-normal counterpart of the two-level shrinkage: many amounts per arm, on the scale log(1 + x).

Amounts vary around their arm, arms around their group, groups around the whole, all normal on the log scale
(a one-way random-effects model twice over). The three spreads maximise the marginal likelihood; everything
else is closed form, from each arm's count, mean and sum of squares.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import ndtri

from quarterdeck.engines._rates_two_level import MANY_DRAWS, SEED, Posterior

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(slots=True, eq=False)
class Logs:
    """Per arm, sorted by group: number of amounts, mean and sum of squared deviations of log(1 + x)."""

    count: Floats
    mean: Floats
    squares: Floats
    group: Ints
    first: Ints


def _levels(logs: Logs, spreads: Floats) -> tuple[Floats, Floats, float, float, float]:
    """Groups' raw means and their precisions, the whole's mean and its variance, the log marginal likelihood.

    The likelihood is the restricted one: the mean of the whole is integrated out.
    """
    noise, within, between = np.exp(2.0 * spreads)
    arm = within + noise / logs.count
    weight = np.add.reduceat(1.0 / arm, logs.first)
    mean = np.add.reduceat(logs.mean / arm, logs.first) / weight
    group = between + 1.0 / weight
    total = (1.0 / group).sum()
    whole = float((mean / group).sum() / total)
    log = -0.5 * (
        ((logs.count - 1.0) * np.log(noise)).sum()
        + logs.squares.sum() / noise
        + np.log(arm).sum()
        + ((logs.mean - mean[logs.group]) ** 2 / arm).sum()
        + np.log(weight).sum()
        + np.log(group).sum()
        + ((mean - whole) ** 2 / group).sum()
        + np.log(total)
    )
    return mean, weight, whole, float(1.0 / total), float(log)


def fit(logs: Logs) -> Floats:
    """Log spreads (within an arm, of arms, of groups); a weak prior keeps them off zero and infinity."""

    def loss(point: Floats) -> float:
        log = _levels(logs, np.clip(point, -12.0, 6.0))[4]
        return -log - float((point[1:] - 0.5 * np.exp(2.0 * np.clip(point[1:], -12.0, 6.0))).sum())

    noise = logs.squares.sum() / max((logs.count - 1.0).sum(), 1.0)
    start = np.array([0.5 * np.log(max(noise, 1e-6)), np.log(0.3), np.log(0.5)])
    simplex = start + np.vstack([np.zeros(3), 0.7 * np.eye(3)])
    options = {"xatol": 1e-4, "fatol": 1e-6, "initial_simplex": simplex, "maxfev": 1_000}
    return np.clip(minimize(loss, start, method="Nelder-Mead", options=options).x, -12.0, 6.0)


def posterior(logs: Logs, spreads: Floats, level: float) -> Posterior:
    noise, within, between = np.exp(2.0 * spreads)
    raw, weight, whole, whole_variance, _ = _levels(logs, spreads)
    if logs.first.size == 1:
        mean, variance = raw, 1.0 / weight
    else:
        pull = between / (between + 1.0 / weight)
        mean = pull * raw + (1.0 - pull) * whole
        variance = pull / weight + (1.0 - pull) ** 2 * whole_variance
    keep = within / (within + noise / logs.count)
    centre = keep * logs.mean + (1.0 - keep) * mean[logs.group]
    own = keep * noise / logs.count
    spread = np.sqrt(own + (1.0 - keep) ** 2 * variance[logs.group])
    z = ndtri(0.5 + level / 2.0)
    rng = np.random.default_rng(SEED)
    best, top = np.zeros(centre.size), np.zeros(logs.first.size)
    for _ in range(MANY_DRAWS // 64):
        shared = rng.standard_normal((logs.first.size, 64)) * np.sqrt(variance)[:, None]
        drawn = centre[:, None] + (1.0 - keep)[:, None] * shared[logs.group]
        drawn = np.expm1(drawn + np.sqrt(own)[:, None] * rng.standard_normal(drawn.shape))
        tops = np.maximum.reduceat(drawn, logs.first, axis=0)
        best += (drawn == tops[logs.group]).sum(axis=1)
        top += tops.sum(axis=1)
    middle = np.expm1(centre + 0.5 * spread**2)
    loss = np.maximum(top[logs.group] / MANY_DRAWS - middle, 0.0)
    low, high = np.expm1(centre - z * spread), np.expm1(centre + z * spread)
    return Posterior(np.expm1(centre), low, high, best / MANY_DRAWS, loss)
