"""Gumbel fits of short records of block maxima, and a Poisson tail: the arithmetic behind `spikes`.

Source: Gumbel (1958), *Statistics of Extremes*; return periods of a partial-duration series as in Langbein
(1949): events above reduced variate y come at random, on average once in exp(y) blocks. The fit matches two
quantiles (the median and the 85th centile) rather than moments, because one real crisis among thirty days
would drag moments; the prior enters as a handful of made-up maxima, so it fades as the record grows.
It does not estimate a shape parameter: thirty days cannot tell one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

UPPER = 0.85
_Y_HALF = -math.log(math.log(2.0))
_Y_UPPER = -math.log(-math.log(UPPER))


def gumbel_quantile(probability: float, location: float, scale: float) -> float:
    """The value not exceeded with `probability` (strictly inside 0..1) by one block's maximum."""
    return location - scale * math.log(-math.log(probability))


def fit_gumbel(
    maxima: Sequence[float], prior: tuple[float, float], weight: int, least_scale: float
) -> tuple[float, float]:
    """(location, scale) from block maxima, shrunk to `prior` (location, scale) worth `weight` blocks.

    maxima: any number of finite block maxima, none included. weight >= 2. The scale is never below
    `least_scale`, so a constant record still gives finite scores.
    """
    pseudo = [gumbel_quantile((i + 0.5) / weight, *prior) for i in range(weight)]
    points = sorted([*maxima, *pseudo])
    half, upper = _quantile(points, 0.5), _quantile(points, UPPER)
    scale = max((upper - half) / (_Y_UPPER - _Y_HALF), least_scale)
    return half - _Y_HALF * scale, scale


def _quantile(points: list[float], probability: float) -> float:
    """Linear interpolation between order statistics at plotting positions (i + 0.5) / n."""
    place = probability * len(points) - 0.5
    below = min(max(int(place), 0), len(points) - 2)
    return points[below] + (points[below + 1] - points[below]) * (place - below)


def poisson_surprise(count: float, mean: float) -> float:
    """-ln P(N >= count) for N ~ Poisson(mean), bounded below by 0; mean > 0, count >= 0.

    Exact by summing the upper tail up to 60 counts; above that the Chernoff bound, which never overstates.
    """
    if count <= mean:
        return 0.0
    chernoff = mean - count + count * math.log(count / mean)
    if count > 60:
        return chernoff
    first = math.ceil(count)
    term = math.exp(first * math.log(mean) - mean - math.lgamma(first + 1))
    total, k = 0.0, first
    while term > 1e-17 * total:
        total += term
        k += 1
        term *= mean / k
    return -math.log(total) if total > 0.0 else chernoff
