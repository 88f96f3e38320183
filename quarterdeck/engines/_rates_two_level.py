"""Two-level empirical Bayes: arms shrink to their group, groups to the whole; fitted by marginal likelihood.

An arm's rate is drawn around its group's mean m with precision kappa: beta for a proportion of trials
(beta-binomial counts), gamma for a count per exposure (negative binomial counts). A group's mean is normal on
the logit (or log) scale around the whole. Given m the arm integrates out exactly; m is integrated by
Gauss-Hermite quadrature centred on the conjugate posterior that the group's effective sample size
n (kappa + 1) / (kappa + n) gives.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import betaincinv, betaln, digamma, expit, gammaincinv, gammaln, polygamma

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
FIT_GROUPS = 1_000
FIT_NODES, NODES = 7, 15
MANY_DRAWS, FEW_DRAWS, FEW_DRAWS_FROM = 4_096, 512, 2_000
CHUNK = 2_000_000
SEED = 20260301
FREE = 2.0  # the spread of the mean of a single group


@dataclass(slots=True, eq=False)
class Arms:
    """Counts sorted by group; `first` are the positions where groups begin, `group` the group of each arm."""

    hits: Floats
    size: Floats  # trials, or exposure
    group: Ints
    first: Ints
    proportion: bool

    def part(self, groups: Ints) -> Arms:
        keep = np.isin(self.group, groups)
        group = np.unique(self.group[keep], return_inverse=True)[1]
        first = np.flatnonzero(np.diff(group, prepend=-1))
        return Arms(self.hits[keep], self.size[keep], group, first, self.proportion)


@dataclass(slots=True)
class Levels:
    """centre and spread of the groups' means on the logit (log) scale; precision of arms in a group (kappa)."""

    centre: float
    spread: float
    within: float


def _arm_likelihood(arms: Arms, m: Floats, within: float) -> Floats:
    """Log marginal likelihood of each arm at its group's mean m (arms x nodes), up to constants in the data."""
    hits, size = arms.hits[:, None], arms.size[:, None]
    if arms.proportion:
        a, b = m * within, (1.0 - m) * within
        return betaln(hits + a, size - hits + b) - betaln(a, b)
    rate = within / m
    return (
        gammaln(hits + within)
        - gammaln(within)
        + within * np.log(rate)
        - (hits + within) * np.log(size + rate)
    )


def _group_posterior(arms: Arms, levels: Levels, nodes: int) -> tuple[Floats, Floats, float]:
    """Means (groups x nodes), their posterior weights, and the log marginal likelihood of everything."""
    within = levels.within
    mean = float(expit(levels.centre) if arms.proportion else np.exp(levels.centre))
    if arms.proportion:
        share = (within + 1.0) / (within + np.maximum(arms.size, 1.0))
        between = 1.0 / (levels.spread**2 * mean * (1.0 - mean))
        a = mean * between + np.add.reduceat(arms.hits * share, arms.first)
        b = (1.0 - mean) * between + np.add.reduceat((arms.size - arms.hits) * share, arms.first)
        centre, spread = digamma(a) - digamma(b), np.sqrt(polygamma(1, a) + polygamma(1, b))
    else:
        share = within / (within + arms.size * mean)
        between = 1.0 / levels.spread**2
        a = between + np.add.reduceat(arms.hits * share, arms.first)
        b = between / mean + np.add.reduceat(arms.size * share, arms.first)
        centre, spread = digamma(a) - np.log(b), np.sqrt(polygamma(1, a))
    z, weight = np.polynomial.hermite_e.hermegauss(nodes)
    point = centre[:, None] + spread[:, None] * z
    m = np.clip(expit(point), 1e-15, 1.0 - 1e-15) if arms.proportion else np.exp(point)
    prior = -0.5 * ((point - levels.centre) / levels.spread) ** 2 - np.log(levels.spread)
    arm = _arm_likelihood(arms, m[arms.group], within)
    log = (
        prior
        + np.add.reduceat(arm, arms.first, axis=0)
        + 0.5 * z**2
        + np.log(weight)
        + np.log(spread)[:, None]
    )
    top = log.max(axis=1, keepdims=True)
    part = np.exp(log - top)
    return m, part / part.sum(axis=1, keepdims=True), float((top[:, 0] + np.log(part.sum(axis=1))).sum())


def fit(arms: Arms) -> Levels:
    """Maximise the marginal likelihood, times a weak prior that keeps both spreads off zero and infinity.

    The prior (Chung et al. 2013: density proportional to the spread near 0) stands for less than one group;
    without it two alike arms would be declared identical. At most 1,000 groups, evenly taken, are used. A
    single group says nothing of the others: its mean is left free.
    """
    count = arms.first.size
    if count > FIT_GROUPS:
        arms = arms.part(np.unique(np.linspace(0, count - 1, FIT_GROUPS).astype(np.int64)))
    if arms.proportion:
        mean = (arms.hits.sum() + 0.5) / (arms.size.sum() + 1.0)
        centre = float(np.log(mean / (1.0 - mean)))
    else:
        centre = float(np.log((arms.hits.sum() + 0.5) / arms.size.sum()))

    def levels(point: Floats) -> Levels:
        within, between = np.exp(np.clip([point[0], point[1] if count > 1 else 0.0], -9.0, 3.0))
        at = float(np.clip(point[2], -30.0, 30.0)) if count > 1 else centre
        unit = float(expit(at) * expit(-at)) if arms.proportion else 1.0
        return Levels(at, float(between) if count > 1 else FREE, 1.0 / (float(within) ** 2 * unit))

    def loss(point: Floats) -> float:
        log = _group_posterior(arms, levels(point), FIT_NODES)[2]
        spreads = np.clip(point[: min(count, 2)], -9.0, 3.0)
        log += float((spreads - 0.5 * np.exp(2.0 * spreads)).sum())
        return -log if np.isfinite(log) else 1e300

    start = np.array([np.log(0.3), np.log(0.5), centre])[: 3 if count > 1 else 1]
    simplex = start + np.vstack([np.zeros(start.size), 0.7 * np.eye(start.size)])
    options = {"xatol": 5e-3, "fatol": 1e-2, "initial_simplex": simplex, "maxfev": 400}
    return levels(minimize(loss, start, method="Nelder-Mead", options=options).x)


@dataclass(slots=True, eq=False)
class Posterior:
    """Per arm: mean, low, high, p_best and expected_loss within its group."""

    mean: Floats
    low: Floats
    high: Floats
    p_best: Floats
    expected_loss: Floats


def posterior(arms: Arms, levels: Levels, level: float) -> Posterior:
    m, weights, _ = _group_posterior(arms, levels, NODES)
    m, weight = m[arms.group], weights[arms.group]
    hits, size, within = arms.hits[:, None], arms.size[:, None], levels.within
    if arms.proportion:
        means = (hits + m * within) / (size + within)
        variances = means * (1.0 - means) / (size + within + 1.0)
    else:
        means = (hits + within) / (size + within / m)
        variances = means / (size + within / m)
    mean = (weight * means).sum(axis=1)
    variance = (weight * (variances + (means - mean[:, None]) ** 2)).sum(axis=1)
    low, high = _interval(mean, variance, level, arms.proportion)
    p_best, loss = _race(arms, m, weights, within, mean)
    return Posterior(mean, low, high, p_best, loss)


def _interval(mean: Floats, variance: Floats, level: float, proportion: bool) -> tuple[Floats, Floats]:
    """Equal-tailed interval of the beta (gamma) that has the mixture's mean and variance."""
    tail = (1.0 - level) / 2.0
    if proportion:
        total = np.maximum(mean * (1.0 - mean) / variance - 1.0, 1e-6)
        a, b = mean * total, (1.0 - mean) * total
        return betaincinv(a, b, tail), betaincinv(a, b, 1.0 - tail)
    shape = mean**2 / variance
    return gammaincinv(shape, tail) * mean / shape, gammaincinv(shape, 1.0 - tail) * mean / shape


def _race(arms: Arms, m: Floats, weights: Floats, within: float, mean: Floats) -> tuple[Floats, Floats]:
    """P(best in its group) and the expected loss of choosing it, by seeded draws that share the group's mean."""
    rng = np.random.default_rng(SEED)
    count = arms.hits.size
    draws = MANY_DRAWS if count < FEW_DRAWS_FROM else FEW_DRAWS
    chunk = max(1, min(draws, CHUNK // count))
    ladder = np.cumsum(weights, axis=1)
    best, top = np.zeros(count), np.zeros(arms.first.size)
    done = 0
    while done < draws:
        now = min(chunk, draws - done)
        u = rng.random((arms.first.size, now))
        node = (u[:, :, None] > ladder[:, None, :-1]).sum(axis=2)
        mine = np.take_along_axis(m, node[arms.group], axis=1)
        hits, size = arms.hits[:, None], arms.size[:, None]
        if arms.proportion:
            drawn = rng.beta(hits + mine * within, size - hits + (1.0 - mine) * within)
        else:
            drawn = rng.standard_gamma(hits + within, mine.shape) / (size + within / mine)
        tops = np.maximum.reduceat(drawn, arms.first, axis=0)
        ahead = drawn == tops[arms.group]
        best += (ahead / np.add.reduceat(ahead, arms.first, axis=0)[arms.group]).sum(axis=1)
        top += tops.sum(axis=1)
        done += now
    return best / draws, np.maximum(top[arms.group] / draws - mean, 0.0)
