"""Response curves of the allocation engine, their checks, and their scaled compiled form.

A Hill curve is scale * x^shape / (half^shape + x^shape): concave for shape <= 1, an S for shape > 1 (convex
up to half * ((shape - 1) / (shape + 1)) ** (1 / shape), concave after it). A piecewise curve joins given
points and is flat outside them, like `numpy.interp`; it may bend, jump steeply or fall.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quarterdeck.engines._allocation_bound import Compiled

Floats = NDArray[np.float64]
SAMPLES = 2049


class BadInput(ValueError):
    """The curves, limits or budget given cannot be used; the words say which and why."""


class Infeasible(BadInput):
    """No allocation respects the limits. `channels` are the positions of the limits that clash."""

    def __init__(self, words: str, channels: Sequence[int]) -> None:
        super().__init__(words)
        self.channels = tuple(channels)


@dataclass(frozen=True, slots=True)
class Hill:
    """scale: outcome at saturation (>= 0); half: spend at half of it (> 0); shape: > 0."""

    scale: float
    half: float
    shape: float

    def __call__(self, x: ArrayLike) -> Any:
        spend = np.asarray(x, dtype=float)
        with np.errstate(divide="ignore", over="ignore"):
            return self.scale / (1.0 + (self.half / np.maximum(spend, 0.0)) ** self.shape)


@dataclass(frozen=True, slots=True, eq=False)
class Piecewise:
    """Straight lines between the points (x, y), x strictly increasing from 0 or more; flat outside."""

    x: Floats
    y: Floats

    def __call__(self, x: ArrayLike) -> Any:
        return np.interp(np.asarray(x, dtype=float), self.x, self.y)


Curve = Hill | Piecewise | Callable[[Any], Any]


def hill(scale: float, half: float, shape: float) -> Hill:
    """A Hill curve; BadInput unless scale >= 0, half > 0 and shape > 0 are finite numbers."""
    try:
        scale, half, shape = float(scale), float(half), float(shape)
    except (TypeError, ValueError) as error:
        raise BadInput("A Hill curve takes three numbers: scale, half and shape.") from error
    if not (np.isfinite([scale, half, shape]).all() and scale >= 0.0 and half > 0.0 and shape > 0.0):
        raise BadInput(
            f"A Hill curve needs finite scale >= 0, half > 0 and shape > 0, not {scale}, {half} and {shape}."
        )
    return Hill(scale, half, shape)


def piecewise(x: ArrayLike, y: ArrayLike) -> Piecewise:
    """A curve through the points (x, y); BadInput unless x starts at 0 or more and strictly increases."""
    try:
        xs, ys = np.array(x, dtype=float), np.array(y, dtype=float)
    except (TypeError, ValueError) as error:
        raise BadInput("A piecewise curve takes two lists of numbers: spends and outcomes.") from error
    if xs.ndim != 1 or xs.shape != ys.shape or xs.size == 0:
        raise BadInput("A piecewise curve needs as many spends as outcomes, in one row each, at least one.")
    if not (np.isfinite(xs).all() and np.isfinite(ys).all()):
        raise BadInput("A piecewise curve needs finite numbers; one of its points is not.")
    if xs[0] < 0.0 or (np.diff(xs) <= 0.0).any():
        raise BadInput("The spends of a piecewise curve start at 0 or more and strictly increase.")
    xs.flags.writeable = ys.flags.writeable = False
    return Piecewise(xs, ys)


def sample(curve: Callable[[Any], Any], place: int, low: float, high: float) -> Piecewise:
    """A callable, read at evenly spaced spends of its range; all claims are then about this sample."""
    xs = np.linspace(low, high, SAMPLES) if high > low else np.array([low])
    try:
        ys = np.asarray(curve(xs), dtype=float)
    except (TypeError, ValueError):
        ys = np.empty(0)
    if ys.shape != xs.shape:
        try:
            ys = np.array([float(curve(float(x))) for x in xs])
        except (TypeError, ValueError) as error:
            raise BadInput(f"The curve of channel {place} did not return numbers.") from error
    if not np.isfinite(ys).all():
        raise BadInput(f"The curve of channel {place} is not finite at spend {xs[~np.isfinite(ys)][0]:g}.")
    return piecewise(xs, ys)


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """A checked problem in scaled units: spends in budgets, outcomes in `unit_value`."""

    curves: tuple[Hill | Piecewise, ...]
    compiled: Compiled
    low: Floats
    high: Floats
    budget: float
    unit_value: float
    true_low: Floats
    true_high: Floats


def number(value: Any, name: str) -> float:
    try:
        out = float(value)
    except (TypeError, ValueError) as error:
        raise BadInput(f"The {name} is not a number: {value!r}.") from error
    if not np.isfinite(out) or out < 0.0:
        raise BadInput(f"The {name} must be a finite number of at least 0, not {out}.")
    return out


def limits(values: ArrayLike | None, count: int, name: str, default: float) -> Floats:
    if values is None:
        return np.full(count, default)
    try:
        out = np.array(np.broadcast_to(np.asarray(values, dtype=float), (count,)))
    except (TypeError, ValueError) as error:
        raise BadInput(f"`{name}` must be one number or one per channel ({count}).") from error
    if np.isnan(out).any() or (out < 0.0).any() or (name != "high" and np.isinf(out).any()):
        raise BadInput(f"`{name}` must hold numbers of at least 0, without NaN or infinities.")
    return out


def prepare(
    curves: Sequence[Curve],
    budget: float,
    low: ArrayLike | None,
    high: ArrayLike | None,
    minimum_if_on: ArrayLike | None,
) -> Problem:
    """Check everything, sample callables, and scale. Raises BadInput or Infeasible."""
    curves = list(curves)
    count = len(curves)
    if count == 0:
        raise BadInput("There is no curve to allocate to.")
    money = number(budget, "budget")
    lows = limits(low, count, "low", 0.0)
    highs = np.minimum(limits(high, count, "high", np.inf), money)
    floors = limits(minimum_if_on, count, "minimum_if_on", 0.0)
    lows = np.where(lows > 0.0, np.maximum(lows, floors), 0.0)
    _feasible(lows, limits(high, count, "high", np.inf), money)
    highs = np.maximum(highs, lows)
    read = tuple(_read(curve, i, lows[i], highs[i]) for i, curve in enumerate(curves))
    unit = money if money > 0.0 else 1.0
    worth = max(_largest(curve, lows[i], highs[i]) for i, curve in enumerate(read))
    worth = worth if worth > 0.0 else 1.0
    compiled = _compile(read, unit, worth, np.where(lows > 0.0, 0.0, floors))
    return Problem(read, compiled, lows / unit, highs / unit, money, worth, lows, highs)


def _feasible(lows: Floats, highs: Floats, money: float) -> None:
    crossed = np.flatnonzero(lows > highs)
    if crossed.size:
        names = ", ".join(f"channel {i} (minimum {lows[i]:g}, maximum {highs[i]:g})" for i in crossed[:20])
        raise Infeasible(f"A minimum is above its maximum: {names}.", crossed.tolist())
    if lows.sum() > money * (1.0 + 1e-12):
        held = np.flatnonzero(lows > 0.0)
        names = ", ".join(f"channel {i} ({lows[i]:g})" for i in held[:20])
        raise Infeasible(
            f"The minimums add up to {lows.sum():g}, above the budget of {money:g}: {names}.", held.tolist()
        )


def _read(curve: Curve, place: int, low: float, high: float) -> Hill | Piecewise:
    if isinstance(curve, Hill | Piecewise):
        return curve
    if not callable(curve):
        raise BadInput(f"Channel {place} is not a curve: use hill(), piecewise() or a function of spend.")
    return sample(curve, place, low, high)


def _largest(curve: Hill | Piecewise, low: float, high: float) -> float:
    points = np.array([0.0, low, high])
    if isinstance(curve, Piecewise):
        points = np.append(points, curve.x[(curve.x > low) & (curve.x < high)])
    return float(np.abs(curve(points)).max())


def _compile(read: Sequence[Hill | Piecewise], unit: float, worth: float, floors: Floats) -> Compiled:
    count = len(read)
    scale, half, shape, bend = np.zeros(count), np.ones(count), np.ones(count), np.zeros(count)
    begin, end = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    xs: list[Floats] = []
    ys: list[Floats] = []
    size = 0
    for i, curve in enumerate(read):
        begin[i] = size
        if isinstance(curve, Hill):
            scale[i], half[i], shape[i] = curve.scale / worth, curve.half / unit, curve.shape
            if curve.shape > 1.0:
                bend[i] = half[i] * ((shape[i] - 1.0) / (shape[i] + 1.0)) ** (1.0 / shape[i])
        else:
            xs.append(curve.x / unit)
            ys.append(curve.y / worth)
            size += curve.x.size
        end[i] = size
    steps = np.array([isinstance(curve, Piecewise) for curve in read])
    flat = np.concatenate([*xs, np.zeros(0)]), np.concatenate([*ys, np.zeros(0)])
    return Compiled(steps, scale, half, shape, bend, begin, end, *flat, floors / unit)
