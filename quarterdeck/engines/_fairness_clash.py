"""Which requirements cannot hold together: a smallest set, found by QuickXplain (Junker 2004).

Only requests that must be placed matter, with the bundles that draw others in: whoever may stay out of the plan
stands in nobody's way. So each question is a small one, and "minimal" means: without any one the rest can hold.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from quarterdeck.engines._fairness_input import Infeasible, Problem
from quarterdeck.engines._fairness_model import Clock, OutOfTime
from quarterdeck.engines._fairness_rules import Grid, Rules

Part = tuple[str, int]


def explain(problem: Problem, clock: Clock) -> Infeasible:
    """The clash of a problem that has no plan, in words and as parts."""
    parts = _parts(problem)
    minimal = True
    try:
        clash = _smallest(problem, [], parts, False, clock)
    except OutOfTime:
        clash, minimal = _drawn_in(problem, parts), False
    rank = {part: k for k, part in enumerate(parts)}
    clash.sort(key=rank.__getitem__)
    words = "; ".join(_words(problem, part) for part in clash)
    if minimal:
        return Infeasible(f"These requirements cannot all hold: {words}.", clash)
    return Infeasible(
        f"The requirements cannot all hold. Time ended before a smallest clash was found among: {words}.",
        clash,
        False,
    )


def _parts(problem: Problem) -> list[Part]:
    """What may be given up, in the order in which it is named."""
    closed = np.flatnonzero(~problem.allowed.all(axis=1)).tolist()
    return [
        *(("required", r) for r in sorted(problem.required)),
        *(("fixed", r) for r in sorted(problem.fixed)),
        *(("bundle", k) for k in range(len(problem.bundles))),
        *(("order", k) for k in range(len(problem.order))),
        *(("conflict", k) for k in range(len(problem.conflicts))),
        *(("allowed", r) for r in closed),
        *(("capacity", s) for s in range(problem.capacity.size)),
    ]


def _smallest(
    problem: Problem, kept: list[Part], parts: list[Part], changed: bool, clock: Clock
) -> list[Part]:
    """A smallest part of `parts` that together with `kept` cannot hold (together with all of them it cannot)."""
    if changed and not _holds(problem, kept, clock):
        return []
    if len(parts) == 1:
        return list(parts)
    half = len(parts) // 2
    right = _smallest(problem, [*kept, *parts[:half]], parts[half:], True, clock)
    left = _smallest(problem, [*kept, *right], parts[:half], bool(right), clock)
    return [*left, *right]


def _reduced(problem: Problem, parts: list[Part]) -> tuple[Problem, list[int]]:
    """The problem under some of its requirements, and the requests that must be placed then."""
    have: dict[str, set[int]] = {}
    for kind, at in parts:
        have.setdefault(kind, set()).add(at)
    bundles = tuple(problem.bundles[k] for k in sorted(have.get("bundle", ())))
    fixed = {r: problem.fixed[r] for r in have.get("fixed", ())}
    must = have.get("required", set()) | set(fixed)
    while drawn := {r for b in bundles if must & set(b) for r in b} - must:
        must |= drawn
    allowed = problem.allowed.copy()
    allowed[[r for r in range(len(allowed)) if ("allowed") not in have or r not in have["allowed"]]] = True
    capacity = np.full(problem.capacity.size, len(allowed))
    for s in have.get("capacity", ()):
        capacity[s] = problem.capacity[s]
    allowed[[r for r in range(len(allowed)) if r not in must]] = False
    conflicts = tuple(problem.conflicts[k] for k in sorted(have.get("conflict", ())))
    order = tuple(problem.order[k] for k in sorted(have.get("order", ())))
    inside = tuple((r, q) for r, q in order if r in must and q in must)
    narrowed = ((s, t, tuple(r for r in bound if r in must)) for s, t, bound in conflicts)
    return replace(
        problem,
        allowed=allowed,
        capacity=capacity,
        fixed=fixed,
        required=frozenset(must),
        bundles=(),
        order=inside,
        conflicts=tuple(c for c in narrowed if len(c[2]) > 1),
    ), sorted(must)


def _holds(problem: Problem, parts: list[Part], clock: Clock) -> bool:
    left = clock.left()
    smaller, must = _reduced(problem, parts)
    if not must:
        return True
    mask = _windows(smaller)
    if not mask[must].any(axis=1).all():
        return False
    grid = Grid.over(mask)
    rules = Rules(smaller, grid, must)
    integral = np.zeros(rules.width)
    integral[: grid.size] = 1
    integral[rules.whole] = 1
    early = np.zeros(rules.width)  # any plan will do; asking for early slots leads the solver to one
    early[: grid.size] = grid.slot
    found = milp(
        early,
        constraints=LinearConstraint(rules.rows.matrix(rules.width), rules.rows.low, rules.rows.high),
        integrality=integral,
        bounds=Bounds(0.0, 1.0),
        options={"mip_rel_gap": 1e9} | ({} if left is None else {"time_limit": left}),
    )
    if found.x is None and found.status != 2:
        raise OutOfTime
    return found.x is not None


def _windows(problem: Problem) -> NDArray[np.bool_]:
    """Open cells without those that the orders rule out one after the other, all requests in them being placed."""
    mask, slots, changed = problem.open, np.arange(problem.capacity.size), True
    while changed:
        changed = False
        for r, q in problem.order:
            if not (mask[r].any() and mask[q].any()):
                return np.zeros_like(mask)
            late = mask[r] & (slots >= slots[mask[q]].max())
            soon = mask[q] & (slots <= slots[mask[r]].min())
            changed = changed or bool(late.any() or soon.any())
            mask[r] &= ~late
            mask[q] &= ~soon
    return mask


def _drawn_in(problem: Problem, parts: list[Part]) -> list[Part]:
    """All parts that could matter: those that touch a request that must be placed."""
    _, must = _reduced(problem, parts)
    inside = set(must)

    def matters(part: Part) -> bool:
        kind, at = part
        if kind in ("required", "fixed", "capacity"):
            return True
        if kind == "allowed":
            return at in inside
        named = {"bundle": problem.bundles, "order": problem.order}
        requests = problem.conflicts[at][2] if kind == "conflict" else named[kind][at]
        return bool(inside & set(requests))

    return [part for part in parts if matters(part)]


def _words(problem: Problem, part: Part) -> str:
    kind, at = part
    if kind == "required":
        return f"request {at} must be placed"
    if kind == "fixed":
        return f"request {at} is fixed to slot {problem.fixed[at]}"
    if kind == "allowed":
        slots = np.flatnonzero(problem.allowed[at]).tolist()
        if not slots:
            return f"request {at} may stand in no slot"
        if len(slots) > 8:
            return f"request {at} may stand only in {len(slots)} slots"
        return f"request {at} may stand only in slot{'s' * (len(slots) > 1)} {_listed(slots)}"
    if kind == "capacity":
        many = int(problem.capacity[at])
        return f"slot {at} takes " + ("no post" if not many else "1 post" if many == 1 else f"{many} posts")
    if kind == "bundle":
        return f"requests {_listed(problem.bundles[at])} are placed all or none (bundle {at})"
    if kind == "order":
        r, q = problem.order[at]
        return f"request {r} comes before request {q} (order {at})"
    s, t, bound = problem.conflicts[at]
    return f"slots {s} and {t} may not both go to requests {_listed(bound)} (conflict {at})"


def _listed(numbers: tuple[int, ...] | list[int]) -> str:
    return ", ".join(str(n) for n in numbers)
