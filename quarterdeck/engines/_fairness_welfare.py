"""Which of two plans is better, without rounding: weight served, then the product of utilities (powers by weight)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quarterdeck.engines._fairness_input import Problem

Ints = NDArray[np.int64]
DIGITS = Context(prec=80)
LONGEST = 20_000  # bits of a product that is compared as a whole number


@lru_cache(maxsize=100_000)
def _log(utility: int) -> Decimal:
    return DIGITS.ln(Decimal(utility))


def exact_welfare(weights: Sequence[int], utility: Sequence[int]) -> int | Decimal:
    """The product of u ** w over those with u > 0; for long ones the sum of w * log(u) to 60 digits."""
    served = [(w, int(u)) for w, u in zip(weights, utility, strict=True) if u > 0]
    if sum(weights) * 16 <= LONGEST:
        return math.prod(u**w for w, u in served)
    total = Decimal(0)
    for w, u in served:
        total = DIGITS.add(total, DIGITS.multiply(Decimal(w), _log(u)))
    return DIGITS.quantize(total, Decimal(1).scaleb(len(str(sum(weights))) - 60))


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A plan that meets every rule. `worth` orders plans; equal `worth` is a true tie."""

    slot_of: Ints
    utility: Ints
    worth: tuple[int, Any]
    log: float  # sum of weight * log(utility), in whole weights

    @classmethod
    def of(cls, problem: Problem, slot_of: Ints) -> Found:
        placed = np.flatnonzero(slot_of >= 0)
        utility = np.zeros(len(problem.weights), dtype=np.int64)
        np.add.at(utility, problem.owner[placed], problem.values[placed, slot_of[placed]])
        points = utility.tolist()
        served = sum(w for w, u in zip(problem.weights, points, strict=True) if u > 0)
        log = math.fsum(w * math.log(u) for w, u in zip(problem.weights, points, strict=True) if u > 0)
        return cls(slot_of, utility, (served, exact_welfare(problem.weights, points)), log)

    @property
    def rank(self) -> tuple[int, ...]:
        """slot_of with "not placed" last: the smaller comes first among plans that tie."""
        return tuple(s if s >= 0 else np.iinfo(np.int64).max for s in self.slot_of.tolist())
