"""What the fair calendar is asked: the checks of its input, and the problem as plain arrays.

Bad input raises BadInput at once, in words. Requirements that are each well formed but cannot hold together
raise Infeasible, which names a smallest set of them (`_fairness_clash`); only a circle of orders is found here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Pair = tuple[int, int]
MOST_CELLS = 50_000  # requests times slots
MOST_RULES = 5_000  # bundles, orders and conflicts together
MOST_BOUND = 100_000  # requests named in conflicts, counted each time
MOST_CAPACITY = 1_000_000
WEIGHTS = (1e-6, 1e6)
SCALE = 100  # points a request may bring its stakeholder at most, on average


class BadInput(ValueError):
    """What was given cannot be used; the words say which part and why."""


class Infeasible(BadInput):
    """No plan meets the requirements. `clash` names some that cannot all hold, as (kind, position) pairs.

    Kinds: "required", "fixed" and "allowed" with a request, "capacity" with a slot, "bundle", "order" and
    "conflict" with a position in the list given. `minimal`: without any one of them the rest can hold; False
    only when time ended the search for a smaller set.
    """

    def __init__(self, words: str, clash: Sequence[tuple[str, int]], minimal: bool = True) -> None:
        super().__init__(words)
        self.clash = tuple(clash)
        self.minimal = minimal


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """Checked input. `values` and `allowed` requests x slots; `weights` whole numbers in the ratio given."""

    values: Ints
    owner: Ints
    capacity: Ints
    allowed: Bools
    required: frozenset[int]
    fixed: dict[int, int]
    weights: tuple[int, ...]
    unit: float  # what a whole weight of 1 stands for
    bundles: tuple[tuple[int, ...], ...]
    order: tuple[Pair, ...]
    conflicts: tuple[tuple[int, int, tuple[int, ...]], ...]

    @property
    def open(self) -> Bools:
        """Where a request may stand: allowed, in a slot that takes posts, and where it is fixed if it is."""
        mask = self.allowed & (self.capacity > 0)
        for request, slot in self.fixed.items():
            only = mask[request, slot]
            mask[request] = False
            mask[request, slot] = only
        return mask


def whole(given: Any, name: str, dims: int) -> Ints:
    """An array of whole numbers >= 0 with `dims` dimensions and nothing missing; BadInput otherwise."""
    try:
        array = np.asarray(given)
    except (TypeError, ValueError) as error:
        raise BadInput(f"`{name}` must be an array of whole numbers.") from error
    if array.ndim != dims:
        raise BadInput(f"`{name}` must have {dims} dimension{'s' * (dims > 1)}, not {array.ndim}.")
    if array.size == 0:
        raise BadInput(f"`{name}` is empty: there must be at least one request and one slot.")
    if array.dtype.kind not in "iuf":
        raise BadInput(f"`{name}` must hold whole numbers.")
    if not np.isfinite(array).all():
        raise BadInput(f"`{name}` must hold finite numbers.")
    if (array != np.floor(array)).any():
        raise BadInput(f"`{name}` must hold whole numbers.")
    if (array < 0).any():
        raise BadInput(f"`{name}` must not hold a number below 0.")
    if (array > 2**53).any():
        raise BadInput(f"`{name}` holds a number too large to count with.")
    return array.astype(np.int64)


def prepare(
    values: Any,
    owner: Any,
    capacity: Any,
    allowed: Any,
    required: Any,
    weights: Any,
    bundles: Any,
    order: Any,
    conflicts: Any,
    fixed: Any,
) -> Problem:
    """The problem, or BadInput (a circle of orders: Infeasible)."""
    points = whole(values, "values", 2)
    n, slots = points.shape
    if points.size > MOST_CELLS:
        raise BadInput(f"{n} requests x {slots} slots are more than {MOST_CELLS:,} cells.")
    owners = whole(owner, "owner", 1)
    if owners.size != n:
        raise BadInput(f"`owner` names {owners.size} stakeholders for {n} requests.")
    room = whole(capacity, "capacity", 1)
    if room.size != slots:
        raise BadInput(f"`capacity` is given for {room.size} slots; `values` has {slots}.")
    if room.max() > MOST_CAPACITY:
        raise BadInput(f"A slot takes at most {MOST_CAPACITY:,} posts.")
    mask = _mask(allowed, points.shape)
    ratio, unit = _weights(weights, owners)
    _scale(points, mask, owners)
    pairs = _orders(order, n)
    sets = _bundles(bundles, n)
    clashes = _conflicts(conflicts, n, slots)
    if len(pairs) + len(sets) + len(clashes) > MOST_RULES:
        raise BadInput(f"More than {MOST_RULES:,} bundles, orders and conflicts.")
    return Problem(
        points,
        owners,
        room,
        mask,
        frozenset(_distinct(required, "required", n)),
        _fixed(fixed, n, slots),
        ratio,
        unit,
        sets,
        pairs,
        clashes,
    )


def _mask(allowed: Any, shape: tuple[int, int]) -> Bools:
    if allowed is None:
        return np.ones(shape, dtype=np.bool_)
    try:
        mask = np.asarray(allowed)
    except (TypeError, ValueError) as error:
        raise BadInput("`allowed` must be a table of true and false.") from error
    if mask.shape != shape:
        raise BadInput(f"`allowed` has the shape {mask.shape}, not {shape} as `values` has.")
    if mask.dtype.kind != "b":
        raise BadInput("`allowed` must hold true and false only.")
    return mask.copy()


def _weights(weights: Any, owners: Ints) -> tuple[tuple[int, ...], float]:
    """Whole numbers in the ratio of the weights as they are written, and the weight that 1 of them stands for."""
    people = int(owners.max()) + 1
    if people > MOST_CELLS:
        raise BadInput(f"Stakeholders are numbered from 0; number {people - 1} is above {MOST_CELLS - 1:,}.")
    if weights is None:
        return (1,) * people, 1.0
    try:
        array = np.asarray(weights, dtype=float)
    except (TypeError, ValueError) as error:
        raise BadInput("`weights` must be numbers.") from error
    if array.ndim != 1 or not people <= array.size <= MOST_CELLS:
        raise BadInput(f"`weights` must be one number for each of the {people} stakeholders.")
    if not (np.isfinite(array) & (array > 0)).all():
        raise BadInput("Every weight must be a finite number above 0.")
    if array.min() < WEIGHTS[0] or array.max() > WEIGHTS[1]:
        raise BadInput(f"Every weight must be from {WEIGHTS[0]:g} to {WEIGHTS[1]:g}.")
    exact = [Fraction(repr(float(w))) for w in array]
    scale = np.lcm.reduce([w.denominator for w in exact], dtype=object)
    scaled = [int(w * scale) for w in exact]
    common = int(np.gcd.reduce(scaled, dtype=object))
    return tuple(w // common for w in scaled), float(Fraction(common, int(scale)))


def _scale(points: Ints, mask: Bools, owners: Ints) -> None:
    best = np.where(mask, points, 0).max(axis=1)
    for who in np.unique(owners):
        mine = owners == who
        if best[mine].sum() > SCALE * mine.sum():
            raise BadInput(
                f"The best conceivable plan of stakeholder {who} is worth {best[mine].sum()} points, more than "
                f"{SCALE} for each of their requests ({int(mine.sum())}). Scale their values down."
            )


def _list(given: Any, name: str) -> list[Any]:
    if isinstance(given, (str, bytes)) or not isinstance(given, Iterable):
        raise BadInput(f"`{name}` must be a list.")
    return sorted(given) if isinstance(given, (set, frozenset)) else list(given)


def _position(given: Any, end: int, what: str, name: str) -> int:
    """A position from 0 to end - 1."""
    if isinstance(given, (bool, np.bool_)) or not isinstance(given, (int, np.integer)):
        raise BadInput(f"`{name}` names the {what} {given!r}, which is not a whole number.")
    if not 0 <= given < end:
        raise BadInput(f"`{name}` names {what} {given}; there are only {what}s 0 to {end - 1}.")
    return int(given)


def _distinct(given: Any, name: str, n: int) -> list[int]:
    found = [_position(r, n, "request", name) for r in _list(given, name)]
    if len(set(found)) < len(found):
        raise BadInput(f"`{name}` names a request twice.")
    return found


def _fixed(fixed: Any, n: int, slots: int) -> dict[int, int]:
    if fixed is None:
        return {}
    if not isinstance(fixed, Mapping):
        raise BadInput("`fixed` must map requests to slots.")
    return {
        _position(r, n, "request", "fixed"): _position(s, slots, "slot", "fixed") for r, s in fixed.items()
    }


def _bundles(bundles: Any, n: int) -> tuple[tuple[int, ...], ...]:
    found = [tuple(sorted(_distinct(b, "bundles", n))) for b in _list(bundles, "bundles")]
    if not all(found):
        raise BadInput("`bundles` holds an empty bundle.")
    if len(set(found)) < len(found):
        raise BadInput("`bundles` holds the same bundle twice.")
    return tuple(found)


def _orders(order: Any, n: int) -> tuple[Pair, ...]:
    found: list[Pair] = []
    for pair in _list(order, "order"):
        ends = [_position(r, n, "request", "order") for r in _list(pair, "order")]
        if len(ends) != 2:
            raise BadInput("Each of `order` must be a pair of requests.")
        found.append((ends[0], ends[1]))
    if len(set(found)) < len(found):
        raise BadInput("`order` holds the same pair twice.")
    _no_circle(found)
    return tuple(found)


def _no_circle(order: list[Pair]) -> None:
    """A shortest circle of orders is refused even where one of its requests could stay out of the plan."""
    after: dict[int, list[int]] = {}
    for r, q in order:
        after.setdefault(r, []).append(q)
    circle: list[int] | None = None
    for start in after:
        came: dict[int, int] = {}
        ring = [start]
        while ring and start not in came:
            ring = [q for r in ring for q in after.get(r, ()) if q not in came and came.setdefault(q, r) == r]
        if start in came:
            path = [start]
            while came[path[-1]] != start:
                path.append(came[path[-1]])
            found = [start, *reversed(path)]
            circle = found if circle is None or len(found) < len(circle) else circle
    if circle is not None:
        at = [order.index(pair) for pair in zip(circle, circle[1:], strict=False)]
        way = " before ".join(f"request {r}" for r in circle)
        raise Infeasible(f"The orders go in a circle: {way}.", [("order", k) for k in at])


def _conflicts(conflicts: Any, n: int, slots: int) -> tuple[tuple[int, int, tuple[int, ...]], ...]:
    found = []
    for given in _list(conflicts, "conflicts"):
        parts = _list(given, "conflicts")
        if len(parts) == 2:
            parts = [*_list(parts[0], "conflicts"), parts[1]]
        if len(parts) != 3:
            raise BadInput("Each of `conflicts` must be (slot, slot, the requests it binds).")
        s, t = (_position(p, slots, "slot", "conflicts") for p in parts[:2])
        if s == t:
            raise BadInput(f"`conflicts` sets slot {s} against itself.")
        bound = tuple(sorted(_distinct(parts[2], "conflicts", n)))
        if not bound:
            raise BadInput(f"The conflict of slots {s} and {t} binds no request.")
        found.append((min(s, t), max(s, t), bound))
    if len(set(found)) < len(found):
        raise BadInput("`conflicts` holds the same conflict twice.")
    if sum(len(bound) for _, _, bound in found) > MOST_BOUND:
        raise BadInput(f"The conflicts bind more than {MOST_BOUND:,} requests.")
    return tuple(found)
