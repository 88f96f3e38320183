"""What a young post will have reached at a later age, with an interval that was checked on other posts.

Computes, for any two ages, how much log(1 + x) grows between them. The curve is a running median of that
growth along the value at the younger age (a post at 0 and a post at 500 do not grow alike), fitted on half of
the posts; a group (channel, kind) moves it by its own mean difference (backfitted with the curve), shrunk to
zero by empirical Bayes (normal means; between-group variance by DerSimonian and Laird 1986), so a group with
three posts borrows from all. The interval is split conformal (Papadopoulos et al. 2002; Lei et al. 2018, JASA
113, section 2.2) on the other half, apart for the lower, middle and upper third of values: over posts drawn
like these, it covers at least its level within each third, whatever the shape of the noise.

It does not claim coverage for one group, nor once posts no longer grow as they did; counts repeat (many posts
at 0), so an interval may cover somewhat more than its level, and the guarantee is then up to one part in n.
Between two known snapshots of a post a value is interpolated, beyond them never. Values may fall (networks
restate them) and are taken as reported.

>>> import numpy as np
>>> rng = np.random.default_rng(0)
>>> ages = [1.0, 6.0, 24.0, 48.0]
>>> final = rng.lognormal(5, 1, size=400)
>>> reached = np.array([0.1, 0.4, 0.9, 1.0]) * rng.lognormal(0, [0.3, 0.2, 0.05, 0.0001], size=(400, 4))
>>> posts = fit(ages, np.round(final[:, None] * reached))
>>> estimate, low, high = posts.project(age=6, value=100, to_age=48, level=0.8)
>>> bool(200 < estimate < 300), bool(150 < low < estimate < high < 400)
(True, True)
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
_LARGEST = 1e15
_KNOTS = 8
_PAIRS_KEPT = 256
_BACKFITS = 20


class MaturityError(ValueError):
    """What was given cannot be used."""


class BadTable(MaturityError):
    """The ages, values or groups do not make a table of posts by ages."""


class BadQuestion(MaturityError):
    """The age, value, target age or level asked for is not usable."""


class NotEnough(MaturityError):
    """Too few posts are known at both ages for an interval of this level."""


class Projection(NamedTuple):
    """Median estimate and interval, in the values' own unit, each at least 0."""

    estimate: float
    low: float
    high: float


class _Pair(NamedTuple):
    """Everything fitted between one age and a later one; residuals sorted, one array a third, then all."""

    knots: Floats
    growth: Floats
    moved: dict[Hashable, float]
    edges: Floats
    thirds: list[Floats]
    everyone: Floats


def fit(ages_hours: ArrayLike, values: ArrayLike, groups: Sequence[Hashable] | None = None) -> Maturity:
    """Take a table of posts and be ready to project.

    ages_hours: (ages,) strictly increasing, >= 0, hours. values: (posts, ages), >= 0, NaN = unknown, zeros are
    zeros. groups: (posts,) any hashable labels. Raises BadTable.
    """
    ages, table = _numbers(ages_hours, "Ages"), _numbers(values, "Values")
    if ages.ndim != 1 or len(ages) < 2 or not np.all(np.isfinite(ages)) or ages[0] < 0:
        raise BadTable("Ages must be a list of at least two finite hours, none negative.")
    if np.any(np.diff(ages) <= 0):
        raise BadTable("Ages must be strictly increasing.")
    if table.ndim != 2 or table.shape[1] != len(ages):
        raise BadTable(f"Values must be posts by {len(ages)} ages, not of shape {table.shape}.")
    if len(table) == 0:
        raise BadTable("There are no posts.")
    if (
        np.any(np.isinf(table))
        or np.nanmin(table, initial=0.0) < 0
        or np.nanmax(table, initial=0.0) > _LARGEST
    ):
        raise BadTable(f"Values must be between 0 and {_LARGEST:g}, or NaN where unknown.")
    labels = None if groups is None else list(groups)
    if labels is not None and len(labels) != len(table):
        raise BadTable(f"There are {len(labels)} group labels for {len(table)} posts.")
    return Maturity(ages, table, labels)


class Maturity:
    """Posts' growth with age; made by `fit`. The two halves of posts are drawn once, from a fixed seed."""

    def __init__(self, ages: Floats, table: Floats, labels: list[Hashable] | None) -> None:
        self.ages = ages
        self._logs = np.log1p(table)
        self._labels = labels
        known = ~np.isnan(table)
        places = np.arange(len(ages))
        # For each cell the nearest known column at or before it, and at or after it (-1, len: none).
        self._before = np.maximum.accumulate(np.where(known, places, -1), axis=1)
        after = np.where(known, places, len(ages))[:, ::-1]
        self._after = np.minimum.accumulate(after, axis=1)[:, ::-1]
        shuffled = np.random.default_rng(20260301).permutation(len(table))
        self._fits = np.zeros(len(table), bool)
        self._fits[shuffled[::2]] = True
        self._pairs: dict[tuple[float, float], _Pair] = {}

    def project(
        self, age: float, value: float, to_age: float, group: Hashable = None, level: float = 0.8
    ) -> Projection:
        """What a post of `age` hours standing at `value` will stand at when it is `to_age` hours old.

        age <= to_age, both within the ages fitted; value finite and >= 0; 0 < level < 1. A group not seen in
        the fit is projected by the curve of all. Raises BadQuestion, and NotEnough when fewer than
        2 / (1 - level) - 1 posts of the checking half are known at both ages.
        """
        age, value, to_age, level = self._checked(age, value, to_age, level)
        if age == to_age:
            return Projection(value, value, value)
        pair = self._pair(age, to_age)
        need = math.ceil(2 / (1 - level) - 1 - 1e-9)
        x = math.log1p(value)
        residuals = pair.thirds[int(np.searchsorted(pair.edges, x, side="right"))]
        if len(residuals) < need:
            residuals = pair.everyone
        if len(residuals) < need:
            raise NotEnough(
                f"An interval of {level:.0%} between {age:g} and {to_age:g} hours needs {need} posts "
                f"to check it on; there are {len(residuals)}."
            )
        middle = x + float(np.interp(x, pair.knots, pair.growth)) + pair.moved.get(group, 0.0)
        low, high = _conformal(residuals, level)
        # The curve and the interval come from different posts: where they disagree, widen to hold both.
        return Projection(_back(middle), _back(middle + min(low, 0.0)), _back(middle + max(high, 0.0)))

    def _checked(self, age: float, value: float, to_age: float, level: float) -> tuple[float, ...]:
        try:
            asked = tuple(float(x) for x in (age, value, to_age, level))
        except (TypeError, ValueError):
            raise BadQuestion("Age, value, target age and level must be numbers.") from None
        age, value, to_age, level = asked
        if not 0 <= value <= _LARGEST:
            raise BadQuestion(f"A value must be between 0 and {_LARGEST:g}, not {value}.")
        if not 0 < level < 1:
            raise BadQuestion(f"A level must be between 0 and 1, not {level}.")
        if not self.ages[0] <= age <= self.ages[-1] or not self.ages[0] <= to_age <= self.ages[-1]:
            raise BadQuestion(
                f"Ages from {self.ages[0]:g} to {self.ages[-1]:g} hours are known; asked from {age} to {to_age}."
            )
        if to_age < age:
            raise BadQuestion(f"A post of {age:g} hours cannot be projected back to {to_age:g}.")
        return asked

    def _at(self, age: float) -> Floats:
        """log(1 + value) of every post at `age`: known, or between two known ones (in log age), else NaN."""
        right = int(np.searchsorted(self.ages, age, side="left"))
        left = right if self.ages[right] == age else right - 1
        rows = np.arange(len(self._logs))
        before, after = self._before[:, left], self._after[:, right]
        inside = (before >= 0) & (after < len(self.ages))
        b, a = np.where(inside, before, 0), np.where(inside, after, 0)
        x0, x1 = np.log1p(self.ages[b]), np.log1p(self.ages[a])
        weight = np.where(a > b, (math.log1p(age) - x0) / np.where(a > b, x1 - x0, 1.0), 0.0)
        y0, y1 = self._logs[rows, b], self._logs[rows, a]
        return np.where(inside, y0 + weight * (y1 - y0), np.nan)

    def _pair(self, age: float, to_age: float) -> _Pair:
        key = (age, to_age)
        if key not in self._pairs:
            if len(self._pairs) >= _PAIRS_KEPT:
                self._pairs.clear()
            self._pairs[key] = self._fit_pair(self._at(age), self._at(to_age))
        return self._pairs[key]

    def _fit_pair(self, young: Floats, old: Floats) -> _Pair:
        known = ~np.isnan(young) & ~np.isnan(old)
        learn, check = known & self._fits, known & ~self._fits
        x, growth = young[learn], (old - young)[learn]
        if len(x) == 0:
            nothing = np.zeros(0)
            return _Pair(np.zeros(1), np.zeros(1), {}, nothing, [nothing], nothing)
        knots, medians, moved = self._curve_and_moves(learn, x, growth)
        predicted = young[check] + np.interp(young[check], knots, medians)
        if self._labels is not None:
            predicted += [moved.get(self._labels[i], 0.0) for i in np.flatnonzero(check)]
        residuals = old[check] - predicted
        edges = np.unique(np.quantile(x, [1 / 3, 2 / 3]))
        third = np.searchsorted(edges, young[check], side="right")
        thirds = [np.sort(residuals[third == k]) for k in range(len(edges) + 1)]
        return _Pair(knots, medians, moved, edges, thirds, np.sort(residuals))

    def _curve_and_moves(
        self, learn: NDArray[np.bool_], x: Floats, growth: Floats
    ) -> tuple[Floats, Floats, dict[Hashable, float]]:
        """growth = curve(x) + move(group), by backfitting from the groups' means: knots, medians, moves."""
        if self._labels is None:
            return (*_running_median(x, growth), {})
        names: dict[Hashable, int] = {}
        group = np.array([names.setdefault(self._labels[i], len(names)) for i in np.flatnonzero(learn)])
        moves = _shrunk_means(group, growth - np.median(growth), len(names))
        for _ in range(_BACKFITS):
            knots, medians = _running_median(x, growth - moves[group])
            before, moves = moves, _shrunk_means(group, growth - np.interp(x, knots, medians), len(names))
            if np.max(np.abs(moves - before)) < 1e-3:
                break
        return knots, medians, {name: float(moves[k]) for name, k in names.items()}


def _shrunk_means(group: NDArray[np.int64], residuals: Floats, count: int) -> Floats:
    """Each group's mean residual, shrunk to zero by n / (n + within / between variance)."""
    n = np.bincount(group, minlength=count).astype(float)
    means = np.bincount(group, residuals, count) / n
    freedom = n.sum() - count
    if count < 2 or freedom < 1:
        return np.zeros(count)
    within = max(float(np.sum((residuals - means[group]) ** 2)) / freedom, 1e-12)
    centre = float(n @ means) / n.sum()
    excess = float(n @ (means - centre) ** 2) / within - (count - 1)
    between = max(excess * within / (n.sum() - float(n @ n) / n.sum()), 0.0)
    return between * n * means / (between * n + within)


def _running_median(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """(knots, medians): y's median in up to eight bins of x with equal numbers, at each bin's mean x."""
    edges = np.unique(np.quantile(x, np.linspace(0, 1, min(_KNOTS, max(len(x) // 10, 1)) + 1)))
    bins = np.clip(np.searchsorted(edges, x, side="right") - 1, 0, max(len(edges) - 2, 0))
    used = np.unique(bins)
    return (
        np.array([x[bins == k].mean() for k in used]),
        np.array([np.median(y[bins == k]) for k in used]),
    )


def _conformal(residuals: Floats, level: float) -> tuple[float, float]:
    """The (n + 1) tail / 2-th smallest and largest of sorted residuals.

    Counts repeat, so a tail may miss fewer than its share (none below, where most posts stay at 0): what it
    does not use is given to the other tail, or the interval would cover far more than its level.
    """
    n, tail = len(residuals), (1 - level) / 2
    low = max(math.floor((n + 1) * tail + 1e-9) - 1, 0)
    high = min(math.ceil((n + 1) * (1 - tail) - 1e-9) - 1, n - 1)
    spare_low = low - int(np.searchsorted(residuals, residuals[low] - 1e-9, side="left"))
    spare_high = int(np.searchsorted(residuals, residuals[high] + 1e-9, side="right")) - 1 - high
    if spare_low:
        high = max(high - spare_low, low)
    elif spare_high:
        low = min(low + spare_high, high)
    return float(residuals[low]), float(residuals[high])


def _numbers(given: ArrayLike, what: str) -> Floats:
    try:
        return np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise BadTable(f"{what} must be numbers in rows of one length.") from None


def _back(x: float) -> float:
    return max(math.expm1(x), 0.0)
