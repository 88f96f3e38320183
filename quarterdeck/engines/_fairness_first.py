"""A first plan within milliseconds, so that a short time limit has something to hand back.

What must be placed goes first, then whoever has least asks next and takes the best slot left. It promises nothing:
None is no proof that there is no plan.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from quarterdeck.engines._fairness_input import Problem
from quarterdeck.engines._fairness_rules import broken

Ints = NDArray[np.int64]


class Draft:
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.slot_of = np.full(problem.owner.size, -1, dtype=np.int64)
        self.left, self.mask = problem.capacity.copy(), problem.open
        self.before: dict[int, list[int]] = {}
        self.after: dict[int, list[int]] = {}
        for r, q in problem.order:
            self.before.setdefault(q, []).append(r)
            self.after.setdefault(r, []).append(q)
        self.audiences: dict[int, list[tuple[int, int, frozenset[int]]]] = {}
        for s, t, bound in problem.conflicts:
            for r in bound:
                self.audiences.setdefault(r, []).append((s, t, frozenset(bound)))

    def free(self, r: int) -> Ints:
        """The slots a request may still take."""
        mask, slots = self.mask[r] & (self.left > 0), np.arange(self.left.size)
        for q in self.before.get(r, ()):
            mask &= slots > self.slot_of[q]
        for q in self.after.get(r, ()):
            if self.slot_of[q] >= 0:
                mask &= slots < self.slot_of[q]
        for s, t, bound in self.audiences.get(r, ()):
            taken = {int(self.slot_of[q]) for q in bound if q != r}
            mask[t] &= s not in taken
            mask[s] &= t not in taken
        return np.flatnonzero(mask)

    def place(self, group: list[int], early: bool) -> bool:
        """All of the group or nothing."""
        for k, r in enumerate(group):
            slots = self.free(r)
            if not slots.size:
                for q in group[:k]:
                    self.left[self.slot_of[q]] += 1
                    self.slot_of[q] = -1
                return False
            slot = slots[0] if early else slots[np.argmax(self.problem.values[r, slots])]
            self.slot_of[r] = slot
            self.left[slot] -= 1
        return True


def first_plan(problem: Problem) -> Ints | None:
    """slot_of of a plan that meets every rule, or None if none was found at once."""
    groups = _groups(problem)
    must = problem.required | set(problem.fixed)
    bound = sorted((r for g in groups if must & set(g) for r in g), key=lambda r: (r not in problem.fixed, r))
    for early in (False, True):
        draft = Draft(problem)
        line = _in_order(problem, bound) if early else bound
        if draft.place(line, early):
            _share(draft, [g for g in groups if not must & set(g)])
            return draft.slot_of if broken(problem, draft.slot_of) is None else None
    return None


def in_turn(problem: Problem) -> Ints | None:
    """slot_of when each in turn takes the best slot left; None if what is fixed finds no place."""
    draft, groups = Draft(problem), _groups(problem)
    for first in (True, False):
        for group in groups:
            if first == any(r in problem.fixed for r in group):
                placed = draft.place(group, False)
                if first and not placed:
                    return None
    return draft.slot_of


def _groups(problem: Problem) -> list[list[int]]:
    """Requests that stand or fall together."""
    group = {r: [r] for r in range(problem.owner.size)}
    for first, *others in problem.bundles:
        for other in others:
            if group[first] is not group[other]:
                group[first].extend(group[other])
                for r in group[other][:]:
                    group[r] = group[first]
    return [g for r, g in group.items() if g[0] == r]


def _in_order(problem: Problem, requests: list[int]) -> list[int]:
    """The requests so that whoever comes before another is placed before it."""
    depth = dict.fromkeys(requests, 0)
    for _ in requests:
        for r, q in problem.order:
            if r in depth and q in depth:
                depth[q] = max(depth[q], depth[r] + 1)
    return sorted(requests, key=lambda r: (depth[r], r not in problem.fixed, r))


def _share(draft: Draft, groups: list[list[int]]) -> None:
    """Place what may be placed, those with least first; a group that finds no place stays out."""
    owner, values = draft.problem.owner, draft.problem.values
    utility = np.zeros(len(draft.problem.weights))
    for r in np.flatnonzero(draft.slot_of >= 0).tolist():
        utility[owner[r]] += values[r, draft.slot_of[r]]
    waiting = list(groups)
    while waiting:
        group = min(waiting, key=lambda g: (min(utility[owner[r]] for r in g), g[0]))
        waiting.remove(group)
        if draft.place(group, False):
            for r in group:
                utility[owner[r]] += values[r, draft.slot_of[r]]
