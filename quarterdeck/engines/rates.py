"""Rates that do not over-claim: shrunk estimates, chances of being best, and tests that count all looks.

`shrink` is two-level empirical Bayes for proportions (beta-binomial arms in groups; Efron and Morris 1975,
fitted by marginal likelihood), so the winner of a table is not credited with its luck; `shrink_counts` is its
negative binomial counterpart for counts per exposure and `shrink_amounts` the log-normal one for many
amounts per arm. `benjamini_hochberg` (1995) adjusts many p-values; `permutation_test` compares an outcome
with what the assignment that was really used could have produced (Fisher 1935).

Not claimed: causes; the spreads are estimated and plugged in, so with under about five arms in all the
intervals are a little too narrow; arms are taken as exchangeable within their group until the counts speak;
p_best and expected_loss are seeded draws (4,096, or 512 from 2,000 arms on: within 0.01 or 0.03).

>>> from quarterdeck.engines.rates import shrink, benjamini_hochberg
>>> clicks = [9, 4, 2, 30, 36, 25]                        # one entry per arm
>>> shown = [150, 160, 155, 1500, 1480, 1520]
>>> test = ["a", "a", "a", "b", "b", "b"]                 # arms compete within their test
>>> found = shrink(clicks, shown, groups=test, level=0.8)
>>> bool(found.mean[0] < 9 / 150), bool(found.low[0] < found.mean[0] < found.high[0])
(True, True)
>>> int(found.p_best[:3].argmax()), round(float(found.p_best[:3].sum()), 6)
(0, 1.0)
>>> benjamini_hochberg([0.01, 0.04, 0.03, 0.5]).round(3).tolist()
[0.04, 0.053, 0.053, 0.5]
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quarterdeck.engines import _rates_amounts as amounts
from quarterdeck.engines import _rates_two_level as two_level

Floats = NDArray[np.float64]
Mechanism = Callable[[np.random.Generator], ArrayLike]


class BadInput(ValueError):
    """The numbers given cannot be used; the words say which and why."""


@dataclass(frozen=True, slots=True, eq=False)
class Shrunk:
    """Arrays, one entry per arm in the order given.

    mean: the estimate (a rate; an amount for `shrink_amounts`); low, high: interval at the level asked.
    p_best: chance to be the highest of its group; expected_loss: mean shortfall from the group's highest, in
    the unit of mean, if this arm is chosen.
    """

    mean: Floats
    low: Floats
    high: Floats
    p_best: Floats
    expected_loss: Floats


@dataclass(frozen=True, slots=True)
class Permutation:
    """p: (1 + as extreme) / (1 + draws), two-sided, never 0; statistic: the one observed."""

    p: float
    statistic: float
    draws: int


def shrink(
    successes: ArrayLike, trials: ArrayLike, groups: ArrayLike | None = None, level: float = 0.8
) -> Shrunk:
    """Shrunk proportions. successes, trials: (arms,), 0 <= successes <= trials; groups: (arms,) labels.

    Without groups all arms are one group. An arm without trials gets its group's estimate.
    Raises BadInput for NaN, infinities, negatives, more successes than trials, nothing at all.
    """
    hits, size = _row(successes, "successes"), _row(trials, "trials")
    _same_length(hits, size, "successes", "trials")
    if (hits > size).any():
        raise BadInput(f"Arm {int(np.flatnonzero(hits > size)[0])} has more successes than trials.")
    return _two_level(hits, size, groups, level, proportion=True)


def shrink_counts(
    counts: ArrayLike,
    exposure: ArrayLike | None = None,
    groups: ArrayLike | None = None,
    level: float = 0.8,
) -> Shrunk:
    """Shrunk counts per unit of exposure (posts, days, money): gamma-Poisson, so counts are negative binomial.

    counts, exposure: (arms,) numbers >= 0; exposure 1 each by default. Raises BadInput as `shrink` does.
    """
    hits = _row(counts, "counts")
    size = np.ones(hits.size) if exposure is None else _row(exposure, "exposure")
    _same_length(hits, size, "counts", "exposure")
    if (hits[size == 0.0] > 0.0).any():
        raise BadInput("A count without any exposure cannot be a rate.")
    return _two_level(hits, size, groups, level, proportion=False)


def _two_level(
    hits: Floats, size: Floats, groups: ArrayLike | None, level: float, proportion: bool
) -> Shrunk:
    _level(level)
    if size.sum() <= 0.0:
        raise BadInput("There is not a single trial or unit of exposure.")
    order, group, first = _grouping(groups, hits.size)
    # One unit for all exposures: only their ratios matter to the fit.
    unit = 1.0 if proportion else float(size[size > 0.0].mean())
    arms = two_level.Arms(hits[order], size[order] / unit, group, first, proportion)
    result = two_level.posterior(arms, two_level.fit(arms), level)
    return _unsorted(result, order, 1.0 / unit)


def shrink_amounts(
    values: ArrayLike, arms: ArrayLike, groups: ArrayLike | None = None, level: float = 0.8
) -> tuple[NDArray[Any], Shrunk]:
    """Shrunk typical amounts (geometric means of 1 + x, less 1): (arm labels, sorted; Shrunk in that order).

    values: (n,) amounts >= 0; arms: (n,) labels; groups: (n,) labels, one per arm. expected_loss is of the
    typical amount. Raises BadInput as `shrink` does, and if an arm lies in two groups.
    """
    logs = np.log1p(_row(values, "values"))
    labels, arm = _labels(arms, logs.size, "arms")
    _level(level)
    owner = np.zeros(labels.size, dtype=np.int64)
    if groups is not None:
        _, code = _labels(groups, logs.size, "groups")
        owner[arm] = code
        if (owner[arm] != code).any():
            raise BadInput("An arm lies in two groups.")
    count = np.asarray(np.bincount(arm), dtype=np.float64)
    mean = np.asarray(np.bincount(arm, logs) / count, dtype=np.float64)
    squares = np.asarray(np.bincount(arm, (logs - mean[arm]) ** 2), dtype=np.float64)
    order, group, first = _grouping(owner, labels.size)
    given = amounts.Logs(count[order], mean[order], squares[order], group, first)
    return labels, _unsorted(amounts.posterior(given, amounts.fit(given), level), order, 1.0)


def benjamini_hochberg(p_values: ArrayLike) -> Floats:
    """Adjusted p-values in the order given: those <= q form a family with false discovery rate <= q.

    Valid for independent or positively dependent p-values (Benjamini and Yekutieli 2001).
    """
    p = _row(p_values, "p-values")
    if (p > 1.0).any():
        raise BadInput("A p-value lies above 1.")
    order = np.argsort(-p, kind="stable")
    adjusted = p[order] * p.size / np.arange(p.size, 0, -1)
    out = np.empty(p.size)
    out[order] = np.minimum(np.minimum.accumulate(adjusted), 1.0)
    return out


def shuffled(assigned: ArrayLike, within: ArrayLike | None = None) -> Mechanism:
    """The mechanism that shuffles the labels over all units, or inside each block of `within`."""
    labels = np.asarray(assigned)
    blocks = _labels(within, labels.size, "within")[1] if within is not None else np.zeros(labels.size, int)
    places = [np.flatnonzero(blocks == b) for b in range(int(blocks.max(initial=0)) + 1)]

    def draw(rng: np.random.Generator) -> NDArray[Any]:
        out = labels.copy()
        for place in places:
            out[place] = labels[rng.permutation(place)]
        return out

    return draw


def permutation_test(
    outcomes: ArrayLike,
    assigned: ArrayLike,
    mechanism: Mechanism | None = None,
    statistic: Callable[[Floats, NDArray[np.int64]], float] | None = None,
    draws: int = 5_000,
    seed: int = 0,
) -> Permutation:
    """Exact (up to draws) test of no effect at all on any unit, given how units were assigned.

    outcomes: (n,) finite numbers; assigned: (n,) labels, at least two; mechanism: a function of a NumPy
    generator that returns another assignment as the real one could have come out, `shuffled(assigned)` if
    None. statistic(outcomes, label numbers 0..k-1): larger is more extreme; by default the between-label sum
    of squares, two-sided for two labels. Valid only if the mechanism is the one that was used.
    """
    values = _finite(outcomes, "outcomes")
    names, labels = _labels(assigned, values.size, "assigned")
    if names.size < 2:
        raise BadInput("At least two different labels are needed to compare anything.")
    if draws < 1:
        raise BadInput("At least one draw is needed.")
    mechanism = shuffled(np.asarray(assigned)) if mechanism is None else mechanism
    measure = statistic or _between
    centred = values if statistic else values - values.mean()
    seen = float(measure(centred, labels))
    if not np.isfinite(seen):
        raise BadInput("The statistic of the real assignment is not a finite number.")
    rng = np.random.default_rng(seed)
    extreme = 0
    for _ in range(draws):
        drawn = np.asarray(mechanism(rng))
        code = np.minimum(np.searchsorted(names, drawn), names.size - 1)
        if drawn.shape != values.shape or (names[code] != drawn).any():
            raise BadInput("The mechanism returned an assignment of another shape or with unknown labels.")
        extreme += float(measure(centred, code)) >= seen * (1.0 - 1e-12) - 1e-300
    return Permutation((1 + extreme) / (1 + draws), seen, draws)


def _between(centred: Floats, labels: NDArray[np.int64]) -> float:
    count = np.bincount(labels)
    total = np.bincount(labels, centred)
    return float((total[count > 0] ** 2 / count[count > 0]).sum())


def _finite(values: ArrayLike, name: str) -> Floats:
    try:
        out = np.array(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise BadInput(f"The {name} are not all numbers.") from error
    if out.ndim != 1 or out.size == 0:
        raise BadInput(f"The {name} must be one row of at least one number.")
    if not np.isfinite(out).all():
        raise BadInput(
            f"The {name} hold NaN or infinity at position {int(np.flatnonzero(~np.isfinite(out))[0])}."
        )
    return out


def _row(values: ArrayLike, name: str) -> Floats:
    out = _finite(values, name)
    if (out < 0.0).any():
        raise BadInput(f"The {name} hold a negative number at position {int(np.flatnonzero(out < 0.0)[0])}.")
    return out


def _same_length(a: Floats, b: Floats, first: str, second: str) -> None:
    if a.size != b.size:
        raise BadInput(f"There are {a.size} {first} but {b.size} {second}.")


def _level(level: float) -> None:
    if not (isinstance(level, int | float) and 0.0 < level < 1.0):
        raise BadInput(f"The level must lie between 0 and 1, not {level}.")


def _labels(values: ArrayLike | None, size: int, name: str) -> tuple[NDArray[Any], NDArray[np.int64]]:
    labels = np.asarray(values)
    if labels.shape != (size,):
        raise BadInput(f"The {name} must be one row of {size} labels.")
    if labels.dtype.kind == "f" and not np.isfinite(labels).all():
        raise BadInput(f"The {name} hold NaN or infinity.")
    try:
        names, code = np.unique(labels, return_inverse=True)
    except TypeError as error:
        raise BadInput(f"The {name} cannot be told apart: use one kind of label.") from error
    return names, code.astype(np.int64)


def _grouping(
    groups: ArrayLike | None, size: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The order that sorts arms by group, the group of each sorted arm, where groups begin."""
    code = np.zeros(size, dtype=np.int64) if groups is None else _labels(groups, size, "groups")[1]
    order = np.argsort(code, kind="stable")
    group = code[order]
    return order, group, np.flatnonzero(np.diff(group, prepend=-1))


def _unsorted(result: two_level.Posterior, order: NDArray[np.int64], unit: float) -> Shrunk:
    back = np.empty_like(order)
    back[order] = np.arange(order.size)
    return Shrunk(
        result.mean[back] * unit,
        result.low[back] * unit,
        result.high[back] * unit,
        result.p_best[back],
        result.expected_loss[back] * unit,
    )
