"""Does the day or the hour of posting matter here, by how much, and is any time worth naming.

Computes a day effect plus an hour effect on log(1 + value), both smooth around the week and the day, adjusted
for covariates (kind, paid, channel, age, month) by regression and shrunk to zero: a linear mixed model
(Henderson 1975) whose two variances are averaged over a grid by their restricted likelihood (Patterson and
Thompson 1971), so the winner among 168 cells is not believed at its face value. A permutation test of the
residuals (Freedman and Lane 1983; the statistic is the variance-component score) asks whether times differ at
all; without a yes no best time is named.

It does not claim that posting at that time causes anything: posts were not put there by lot. It does not look
for a day-by-hour interaction, and it says nothing about hours far from any post except that it cannot know
(a wide interval). Effects are relative to the average post given, in natural logs: exp(effect) multiplies.

>>> import numpy as np
>>> rng = np.random.default_rng(0)
>>> weekday, hour = rng.integers(0, 7, 600), rng.integers(0, 24, 600)
>>> paid = rng.integers(0, 2, 600)
>>> evening = np.exp(-0.5 * ((hour - 19) / 2.0) ** 2)
>>> value = np.round(np.exp(4 + paid + evening + rng.normal(0, 0.6, 600)))
>>> told = fit(weekday, hour, value, paid=paid)
>>> told.effect.shape, told.reliable, 17 <= told.best[1] <= 21
((7, 24), True, True)
>>> fit(weekday, hour, rng.permutation(value)).best is None
True
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
LEVEL = 0.9
_Z = 1.6448536269514722
_P_VALUE = 0.05
_PERMUTATIONS = 999
_RATIOS = (1e-6, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
_HOUR_LENGTH = 3.0
_DAY_LENGTH = 1.5
_LARGEST = 1e15
_LEAST_SPARE = 20


class TimingError(ValueError):
    """What was given cannot be used."""


class BadPosts(TimingError):
    """Weekdays, hours, values or covariates are not usable."""


class NotEnough(TimingError):
    """Too few posts for so many covariates."""


class Timing(NamedTuple):
    """What the times of posting are worth.

    effect, low, high: (7, 24), weekday by hour, natural log of the ratio to the average post, with a 90 %
    interval. reliable: whether times differ at all (permutation p <= 0.05). best: (weekday, hour) whose lower
    bound is highest, when times differ and that bound is above 0; else None.
    """

    effect: Floats
    low: Floats
    high: Floats
    reliable: bool
    best: tuple[int, int] | None


def fit(weekday: ArrayLike, hour: ArrayLike, value: ArrayLike, **covariates: ArrayLike) -> Timing:
    """Effects of weekday and hour on `value`, given one row a post.

    weekday: (posts,) 0 (Monday) to 6. hour: (posts,) 0 to 23, local. value: (posts,) finite, >= 0. covariates:
    (posts,) each, finite numbers, or labels (strings, booleans) for a category. Raises BadPosts; NotEnough
    when there are fewer than 20 posts more than the covariates use up.
    """
    days, hours = _whole(weekday, "Weekdays", 7), _whole(hour, "Hours", 24)
    values = _finite(value, "Values")
    if not len(days) == len(hours) == len(values):
        raise BadPosts(f"There are {len(days)} weekdays, {len(hours)} hours and {len(values)} values.")
    if np.any(values < 0) or np.any(values > _LARGEST):
        raise BadPosts(f"Values must be between 0 and {_LARGEST:g}.")
    basis = _covariate_basis(len(values), covariates)
    if len(values) - basis.shape[1] < _LEAST_SPARE:
        raise NotEnough(
            f"{len(values)} posts are too few: with these covariates at least {basis.shape[1] + _LEAST_SPARE} "
            "are needed."
        )
    y = np.log1p(values)
    y = y - basis @ (basis.T @ y)
    spread = float(y @ y)
    if spread < 1e-9 * max(float(np.sum(np.log1p(values) ** 2)), 1e-300):
        nothing = np.zeros((7, 24))
        return Timing(nothing, nothing.copy(), nothing.copy(), False, None)
    day_root, hour_root = _roots()
    design = np.hstack([day_root[days], hour_root[hours]])
    design -= basis @ (basis.T @ design)
    mean, covariance = _averaged(design, y, day_root.shape[1], len(values) - basis.shape[1])
    effect, deviation = _cells(mean, covariance, day_root, hour_root, days, hours)
    low, high = effect - _Z * deviation, effect + _Z * deviation
    reliable = _permutation_p(days, hours, basis, y) <= _P_VALUE
    place = np.unravel_index(int(np.argmax(low)), low.shape)
    named = reliable and bool(low[place] > 0)
    return Timing(effect, low, high, reliable, (int(place[0]), int(place[1])) if named else None)


def _roots() -> tuple[Floats, Floats]:
    """Matrix roots of the prior correlations: days (7, .) roughly, hours (24, .) smoothly alike neighbours."""
    day = np.abs(np.arange(7)[:, None] - np.arange(7))
    day_kernel = np.exp(-np.minimum(day, 7 - day) / _DAY_LENGTH)
    gap = np.arange(24)[:, None] - np.arange(24)
    length = 2 * math.pi * _HOUR_LENGTH / 24
    hour_kernel = np.exp(-2 * np.sin(math.pi * gap / 24) ** 2 / length**2)
    return _root(day_kernel), _root(hour_kernel)


def _root(kernel: Floats) -> Floats:
    sizes, vectors = np.linalg.eigh(kernel)
    kept = sizes > 1e-6 * sizes[-1]
    return np.asarray(vectors[:, kept] * np.sqrt(sizes[kept]))


def _averaged(design: Floats, y: Floats, day_columns: int, freedom: int) -> tuple[Floats, Floats]:
    """Posterior mean and covariance of the effects' coordinates, averaged over both variances.

    design and y are already free of the covariates; restricted likelihood of each pair of variance ratios on
    the grid is its weight; the noise variance is profiled.
    """
    gram, moment, total = design.T @ design, design.T @ y, float(y @ y)
    day_ratio, hour_ratio = (np.array(grid).ravel() for grid in np.meshgrid(_RATIOS, _RATIOS))
    prior = np.repeat(1 / hour_ratio[:, None], len(moment), axis=1)
    prior[:, :day_columns] = 1 / day_ratio[:, None]
    precision = gram + prior[:, :, None] * np.eye(len(moment))
    inverse = np.linalg.inv(precision)
    means = inverse @ moment
    noise = np.maximum(total - means @ moment, 1e-12 * total) / freedom
    log_size = np.linalg.slogdet(precision)[1] - np.log(prior).sum(axis=1)
    likelihood = -0.5 * (freedom * np.log(noise) + log_size)
    weights = np.exp(likelihood - likelihood.max())
    weights /= weights.sum()
    mean = weights @ means
    away = means - mean
    covariance = np.einsum("g,gij->ij", weights * noise, inverse) + (away.T * weights) @ away
    return mean, covariance


def _cells(
    mean: Floats, covariance: Floats, day_root: Floats, hour_root: Floats, days: Whole, hours: Whole
) -> tuple[Floats, Floats]:
    """Effect and standard deviation of each cell, relative to the average of the posts given."""
    cells = np.hstack([np.repeat(day_root, 24, axis=0), np.tile(hour_root, (7, 1))])
    posts = np.bincount(days * 24 + hours, minlength=168) / len(days)
    cells = cells - posts @ cells
    variance = np.einsum("ij,jk,ik->i", cells, covariance, cells)
    return (cells @ mean).reshape(7, 24), np.sqrt(np.maximum(variance, 0.0)).reshape(7, 24)


def _permutation_p(days: Whole, hours: Whole, basis: Floats, y: Floats) -> float:
    """P that shuffled residuals look as different by time as the real ones (Freedman and Lane 1983)."""
    rng = np.random.default_rng(20260301)
    day_root, hour_root = _roots()
    n = len(y)
    shuffles = _PERMUTATIONS if n <= 20_000 else 199
    # Each time's indicator freed of the covariates once; a shuffle is then a product.
    cells = np.zeros((n, 31))
    cells[np.arange(n), days] = 1.0
    cells[np.arange(n), 7 + hours] = 1.0
    cells -= basis @ (basis.T @ cells)
    at_a_time = max(1, 2_000_000 // n)
    sums = [cells.T @ y[:, None]]
    for begin in range(0, shuffles, at_a_time):
        rows = np.tile(y, (min(at_a_time, shuffles - begin), 1))
        sums.append(cells.T @ rng.permuted(rows, axis=1).T)
    drawn = np.hstack(sums)
    parts = [np.sum((day_root.T @ drawn[:7]) ** 2, axis=0), np.sum((hour_root.T @ drawn[7:]) ** 2, axis=0)]
    # Each part by its own mean under shuffling, so that neither drowns the other; a part that the covariates
    # explain wholly is rounding, and the floor leaves it out.
    score = sum(part / max(float(part.mean()), 1e-9 * float(y @ y)) for part in parts)
    return float(np.mean(score >= score[0] * (1 - 1e-12)))


def _covariate_basis(n: int, covariates: dict[str, ArrayLike]) -> Floats:
    """Orthonormal columns that span the mean, the numbers and the categories' indicators: (n, rank)."""
    columns: list[Floats] = [np.ones(n)]
    for name, given in covariates.items():
        try:
            values = np.asarray(given)
        except ValueError:
            raise BadPosts(f"Covariate {name} must be one list.") from None
        if values.shape != (n,):
            raise BadPosts(f"Covariate {name} must hold one value for each of {n} posts, not {values.shape}.")
        if values.dtype.kind in "iuf":
            numbers = _finite(values, f"Covariate {name}")
            with np.errstate(over="ignore", invalid="ignore"):
                spread = float(numbers.std())
            if not math.isfinite(spread):
                raise BadPosts(f"Covariate {name} is too large to use.")
            if spread > 0:
                columns.append((numbers - numbers.mean()) / spread)
        elif values.dtype.kind in "bUSO":
            labels = np.array([repr(v) for v in values.tolist()])
            levels = np.unique(labels)
            if len(levels) > n:
                raise NotEnough(f"Covariate {name} has {len(levels)} categories for {n} posts.")
            columns += [(labels == level).astype(float) for level in levels[1:]]
        else:
            raise BadPosts(f"Covariate {name} must be numbers or labels.")
    left, sizes, _ = np.linalg.svd(np.stack(columns, axis=1), full_matrices=False)
    return np.asarray(left[:, sizes > 1e-9 * sizes[0]])


def _finite(given: ArrayLike, what: str) -> Floats:
    try:
        numbers = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise BadPosts(f"{what} must be numbers.") from None
    if numbers.ndim != 1 or len(numbers) == 0:
        raise BadPosts(f"{what} must be a list of at least one number.")
    if not np.all(np.isfinite(numbers)):
        raise BadPosts(f"{what} must be finite.")
    return numbers


def _whole(given: ArrayLike, what: str, count: int) -> Whole:
    numbers = _finite(given, what)
    if np.any(numbers != np.floor(numbers)) or np.any(numbers < 0) or np.any(numbers >= count):
        raise BadPosts(f"{what} must be whole numbers from 0 to {count - 1}.")
    return numbers.astype(np.int64)
