"""Experiments: was the split fair, how long must it run, and what may be said at every look.

`sample_ratio` is Pearson's chi-square of the arm counts against the planned split (Fabijan et al. 2019), or
seeded exact draws when counts are too small for it. `sample_size` is Cohen's two-proportion formula on the
arcsine scale (1988, ch. 6). `evalue` is the exact conditional test of two arms: under no difference each click
falls in arm a with the traffic's share, whatever the click rate; a beta prior on that chance makes a
beta-binomial mixture whose value is a non-negative martingale (Robbins 1970, Ville 1939), so it may be looked
at as often as one likes. `planned_looks` are O'Brien-Fleming boundaries by numerical integration (Armitage,
McPherson and Rowe 1969), `cuped` the regression on a covariate from before (Deng et al. 2013).

Not claimed: that posts on a network were randomised. A sequence of posts is not an experiment; a split of
traffic, of mail or of time slots drawn by a generator is. Every function names its condition.

>>> from quarterdeck.engines.experiments import evalue, planned_looks, sample_ratio, sample_size
>>> sample_size(0.0152, 0.3)                               # impressions per arm to see +30 % at 1.52 %
12911
>>> round(sample_ratio([5010, 4990]), 2), sample_ratio([5300, 4700]) < 0.001
(0.84, True)
>>> looks = evalue([4, 11, 20, 31], [9, 24, 45, 70])       # cumulative clicks at four looks
>>> looks.round(1).tolist()
[1.2, 3.2, 25.6, 328.5]
>>> bool((looks >= 20).any())                              # evidence at 5 %, at any look
True
>>> planned_looks(5).round(2).tolist()
[4.56, 3.23, 2.63, 2.28, 2.04]
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaln, chdtrc, logsumexp, ndtr, ndtri, stdtr, stdtrit

Floats = NDArray[np.float64]
PRIOR = 6.0  # beta(6, 6) at an even split: most power near a twofold rate, see bench/experiments.py
ODDS_NODES = 81
SMALL_EXPECTED = 5.0
RATIO_DRAWS = 200_000
STEP = 0.01


class BadInput(ValueError):
    """The numbers given cannot be used; the words say which and why."""


@dataclass(frozen=True, slots=True)
class Cuped:
    """effect of treated over control with low, high (95 %) and two-sided p; kept: share of variance left."""

    effect: float
    low: float
    high: float
    p: float
    kept: float


def sample_ratio(counts: ArrayLike, weights: ArrayLike | None = None) -> float:
    """p of arm counts this far from the planned split. counts, weights: (arms,), at least two arms.

    weights: shares planned, in any unit; equal if None. A p under 0.001 means the assignment or its logging
    is broken: no result of the test can be read. Valid if each unit was assigned on its own; with an expected
    count under 5 it uses 200,000 seeded multinomial draws (smallest p 5e-6).
    """
    seen = _row(counts, "counts")
    if seen.size < 2:
        raise BadInput("A ratio needs at least two arms.")
    if (seen != np.floor(seen)).any():
        raise BadInput("Counts must be whole numbers.")
    share = np.ones(seen.size) if weights is None else _row(weights, "weights")
    if share.size != seen.size or (share <= 0.0).any():
        raise BadInput("There must be one weight above 0 per arm.")
    share = share / share.sum()
    total = seen.sum()
    if total == 0.0:
        raise BadInput("No unit was assigned: there is no ratio to test.")
    expected = total * share
    distance = float(((seen - expected) ** 2 / expected).sum())
    if expected.min() >= SMALL_EXPECTED:
        return float(chdtrc(seen.size - 1, distance))
    drawn = np.random.default_rng(0).multinomial(int(total), share, size=RATIO_DRAWS)
    far = ((drawn - expected) ** 2 / expected).sum(axis=1) >= distance * (1.0 - 1e-12)
    return float((1 + far.sum()) / (1 + RATIO_DRAWS))


def sample_size(base_rate: float, lift: float, power: float = 0.8, alpha: float = 0.05) -> int:
    """Units per arm for a two-sided test of two equal arms to find `lift` with the power asked.

    lift is relative: 0.3 is +30 %, -0.2 is -20 %. Valid for one look at the end, independent units, and a
    sample large enough for the normal approximation (some ten successes per arm).
    """
    base, gain = _inside(base_rate, "base rate"), _number(lift, "lift")
    wanted, error = _inside(power, "power"), _inside(alpha, "alpha")
    other = base * (1.0 + gain)
    if gain == 0.0 or not 0.0 < other < 1.0:
        raise BadInput(f"A lift of {gain:g} on {base:g} gives no other rate between 0 and 1.")
    if wanted <= error:
        raise BadInput("The power must be above alpha.")
    effect = 2.0 * (np.arcsin(np.sqrt(other)) - np.arcsin(np.sqrt(base)))
    return int(np.ceil(2.0 * ((ndtri(1.0 - error / 2.0) + ndtri(wanted)) / effect) ** 2))


def evalue(clicks_a: ArrayLike, clicks_b: ArrayLike, weight: float | ArrayLike = 0.5) -> Floats:
    """One e-value per look for "the arms do not differ", valid at every look together.

    clicks_a, clicks_b: (looks,) cumulative clicks. weight: share of the traffic that went to a, one number,
    or one per look (the share since the look before) if the split was changed. e >= 1 / alpha at any look is
    evidence at level alpha, two-sided; 1 / max(e so far) is an anytime-valid p.
    Valid if the split of traffic was the true one at all times and drawn independently of the visitors; not
    valid with SRM (`sample_ratio`). For fixed arm sizes the click's arm is hypergeometric, which is less
    spread (in convex order), so the test then errs on the safe side.
    """
    a, b = _cumulative(clicks_a, "clicks of a"), _cumulative(clicks_b, "clicks of b")
    if a.size != b.size:
        raise BadInput(f"There are {a.size} looks at a but {b.size} at b.")
    try:
        share = np.asarray(weight, dtype=float)
    except (TypeError, ValueError) as error:
        raise BadInput("The weight must be one number, or one per look.") from error
    if share.shape not in ((), a.shape) or not ((share > 0.0) & (share < 1.0)).all():
        raise BadInput("The weight must lie between 0 and 1: one number, or one per look.")
    if share.ndim and np.ptp(share) > 0.0:
        log = _changing_split(a, b, share)
    else:
        w = float(share.flat[0])
        p, q = 2.0 * PRIOR * w, 2.0 * PRIOR * (1.0 - w)
        log = betaln(a + p, b + q) - betaln(p, q) - a * np.log(w) - b * np.log1p(-w)
    return np.exp(np.minimum(log, 700.0))


def _changing_split(a: Floats, b: Floats, share: Floats) -> Floats:
    """Mixture over a grid of odds ratios, the same prior as beta(PRIOR, PRIOR) has at an even split."""
    middle = (np.arange(ODDS_NODES) + 0.5) / ODDS_NODES
    density = (PRIOR - 1.0) * (np.log(middle) + np.log1p(-middle))
    prior = density - logsumexp(density)
    odds = np.log(middle / (1.0 - middle))
    base = np.log(share / (1.0 - share))
    new_a, new_b = np.diff(a, prepend=0.0), np.diff(b, prepend=0.0)
    tilted = base[:, None] + odds[None, :]
    gain_a = -np.logaddexp(0.0, -tilted) + np.logaddexp(0.0, -base)[:, None]
    gain_b = -np.logaddexp(0.0, tilted) + np.logaddexp(0.0, base)[:, None]
    path = np.cumsum(new_a[:, None] * gain_a + new_b[:, None] * gain_b, axis=0)
    return np.asarray(logsumexp(path + prior, axis=1), dtype=float)


def planned_looks(looks: int | ArrayLike, alpha: float = 0.05) -> Floats:
    """O'Brien-Fleming boundaries: stop at look k when |z| reaches entry k. Two-sided, overall level alpha.

    looks: a number of equally spaced looks, or increasing shares of the final sample ending at 1.
    Valid if the number, the spacing and the final sample were fixed beforehand, and z is near normal.
    """
    times = _times(looks)
    error = _inside(alpha, "alpha")
    low, high = 0.0, float(ndtri(1.0 - error / 2.0)) + 3.0
    for _ in range(60):
        c = 0.5 * (low + high)
        low, high = (c, high) if _crossing(times, c) > error else (low, c)
    return high / np.sqrt(times)


def _crossing(times: Floats, c: float) -> float:
    """Chance that Brownian motion leaves (-c, c) at one of the times: |z_k| >= c / sqrt(t_k)."""
    if c <= 0.0:
        return 1.0
    grid = np.linspace(-c, c, max(201, int(2.0 * c / STEP) | 1))
    width = grid[1] - grid[0]
    simpson = np.full(grid.size, 2.0)
    simpson[1::2] = 4.0
    simpson[[0, -1]] = 1.0
    simpson *= width / 3.0
    steps = np.diff(times, prepend=0.0)
    inside = np.exp(-0.5 * grid**2 / steps[0]) / np.sqrt(2.0 * np.pi * steps[0])
    crossed = 2.0 * float(ndtr(-c / np.sqrt(steps[0])))
    for step in steps[1:]:
        spread = np.sqrt(step)
        out = ndtr((-c - grid) / spread) + ndtr((grid - c) / spread)
        crossed += float((inside * out * simpson).sum())
        kernel = np.exp(-0.5 * ((grid[:, None] - grid) / spread) ** 2) / (spread * np.sqrt(2.0 * np.pi))
        inside = kernel @ (inside * simpson)
    return crossed


def cuped(outcome: ArrayLike, before: ArrayLike, treated: ArrayLike) -> Cuped:
    """The effect of treatment, adjusted for a covariate measured before it. All (n,); treated: 0 or 1.

    Valid if treatment was randomised and could not change `before`. The covariate's slope is common to both
    arms; variances are not assumed equal (Welch). A constant covariate changes nothing.
    """
    y, x = _finite(outcome, "outcomes"), _finite(before, "covariate")
    arm = _finite(treated, "treated")
    if not y.size == x.size == arm.size:
        raise BadInput("Outcomes, covariate and treated must be equally long.")
    on = arm == 1.0
    if not (on | (arm == 0.0)).all() or on.sum() < 2 or (~on).sum() < 2:
        raise BadInput("`treated` must hold 0 and 1, at least two of each.")
    inner_x, inner_y = _within(x, on), _within(y, on)
    spread = float(inner_x @ inner_x)
    slope = float(inner_x @ inner_y) / spread if spread > 1e-24 * max(1.0, float(x @ x)) else 0.0
    adjusted = y - slope * (x - x.mean())
    size = np.array([on.sum(), (~on).sum()], dtype=float)
    parts = np.array([adjusted[on].var(ddof=1), adjusted[~on].var(ddof=1)]) / size
    effect = float(adjusted[on].mean() - adjusted[~on].mean())
    error = float(np.sqrt(parts.sum()))
    before_variance = float(inner_y @ inner_y)
    kept = (
        float(_within(adjusted, on) @ _within(adjusted, on)) / before_variance
        if before_variance > 0.0
        else 1.0
    )
    if error == 0.0:
        return Cuped(effect, effect, effect, 1.0 if effect == 0.0 else 0.0, kept)
    freedom = float(parts.sum() ** 2 / (parts**2 / (size - 1.0)).sum())
    half = float(stdtrit(freedom, 0.975)) * error
    return Cuped(
        effect, effect - half, effect + half, float(2.0 * stdtr(freedom, -abs(effect) / error)), kept
    )


def _within(values: Floats, on: NDArray[np.bool_]) -> Floats:
    return values - np.where(on, values[on].mean(), values[~on].mean())


def _times(looks: int | ArrayLike) -> Floats:
    if isinstance(looks, int | np.integer) and not isinstance(looks, bool):
        if not 1 <= looks <= 200:
            raise BadInput(f"The number of looks must be 1 to 200, not {looks}.")
        return np.arange(1, looks + 1) / float(looks)
    times = _finite(looks, "looks")
    if times[0] <= 0.0 or (np.diff(times) <= 0.0).any() or times[-1] != 1.0:
        raise BadInput("Looks are increasing shares of the final sample, above 0, the last one 1.")
    return times


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


def _cumulative(values: ArrayLike, name: str) -> Floats:
    out = _row(values, name)
    if (out != np.floor(out)).any():
        raise BadInput(f"The {name} must be whole numbers.")
    if (np.diff(out) < 0.0).any():
        raise BadInput(
            f"The {name} must be cumulative: they fall at look {int(np.argmax(np.diff(out) < 0)) + 1}."
        )
    return out


def _number(value: float, name: str) -> float:
    try:
        out = float(value)
    except (TypeError, ValueError) as error:
        raise BadInput(f"The {name} is not a number.") from error
    if not np.isfinite(out):
        raise BadInput(f"The {name} must be finite.")
    return out


def _inside(value: float, name: str) -> float:
    out = _number(value, name)
    if not 0.0 < out < 1.0:
        raise BadInput(f"The {name} must lie between 0 and 1, not {out:g}.")
    return out
