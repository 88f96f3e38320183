"""Exact interval for the mean of a Poisson count.

Garwood, F. (1936), Fiducial limits for the Poisson distribution, Biometrika 28 (3/4), 437-442: the means for which a
count as small, or as large, as the one seen would have had half of what the level leaves over. It covers at least
its level for every mean, and is wide where little was seen. Only the standard library is needed: the two bounds are
found by halving, on the distribution itself.

>>> low, high = interval(3, level=0.95)
>>> round(low, 4), round(high, 4)
(0.6187, 8.7673)
"""

from __future__ import annotations

import math

MOST = 10_000  # counts; beyond these a normal approximation is as good, and nothing here counts so far
_HALVINGS = 100


def interval(count: int, level: float = 0.95) -> tuple[float, float]:
    """Lower and upper bound for the mean of a Poisson count at `level`; the lower is 0 for a count of 0.

    Raises ValueError for a count below 0 or above 10,000, and a level that does not lie between 0 and 1.
    """
    if not 0 <= count <= MOST:
        raise ValueError(f"A count lies between 0 and {MOST}, not {count}.")
    if not 0.0 < level < 1.0:
        raise ValueError(f"The level must lie between 0 and 1, not {level}.")
    tail = (1.0 - level) / 2
    # P(at most count) falls as the mean grows; P(at least count) = 1 - P(at most count - 1) rises.
    high = _where(count, tail)
    low = _where(count - 1, 1.0 - tail) if count else 0.0
    return low, high


def _where(count: int, probability: float) -> float:
    """The mean at which P(at most `count`) is `probability`."""
    low, high = 0.0, 2.0 * count + 50.0 + 40.0 * math.sqrt(count + 1.0)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if _at_most(count, middle) > probability:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _at_most(count: int, mean: float) -> float:
    """P(X <= count) for X Poisson with this mean."""
    if mean <= 0.0:
        return 1.0
    logs = (k * math.log(mean) - mean - math.lgamma(k + 1.0) for k in range(count + 1))
    return min(1.0, math.fsum(math.exp(one) for one in logs))
