"""Working a fair plan out, and what it is laid beside. Numbers and ids only; it may take half a minute."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from quarterdeck.consent.fair.found import Found
from quarterdeck.consent.fair.problem import Asked
from quarterdeck.engines.fairness import Infeasible, NothingFound, Plan, fair_calendar, first_come

SECONDS = 15.0  # for the plan itself
OTHER_SECONDS = 2.0  # for each thing it is laid beside
ALL_SECONDS = 40.0
MOST_OTHERS = 8


class Work:
    def __init__(self, asked: Asked) -> None:
        self.asked, self.until = asked, time.monotonic() + ALL_SECONDS
        self.values, self.owner = asked.values(), asked.owner
        self.capacity = [1] * len(asked.slots)
        self.rules = asked.rules()
        self.weights = [max(asked.weights[one.pk].counts, 0.05) for one in asked.departments]
        self.allowed = self.values > 0

    def solve(self, seconds: float, owner: list[int] | None = None, **changed: Any) -> Plan:
        weights = self.weights if owner is None else None
        return fair_calendar(
            self.values,
            self.owner if owner is None else owner,
            self.capacity,
            allowed=self.allowed,
            weights=weights,
            seconds=seconds,
            **self.rules | changed,
        )

    def points(self, slot_of: np.ndarray) -> list[int]:
        """What each department gets."""
        placed = np.flatnonzero(slot_of >= 0)
        got = np.zeros(len(self.asked.departments), dtype=np.int64)
        np.add.at(got, np.array(self.owner)[placed], self.values[placed, slot_of[placed]])
        return got.tolist()

    def worth(self, who: int, slots: np.ndarray) -> int:
        """What a department's own requests would be worth in these slots, at best and without side rules."""
        mine = self.values[np.array(self.owner) == who][:, slots]
        return int(mine[linear_sum_assignment(mine, maximize=True)].sum()) if mine.size else 0


def work_out(asked: Asked) -> Found:
    """The fair plan of what is asked."""
    work = Work(asked)
    try:
        plan = work.solve(SECONDS)
    except Infeasible as error:
        return Found(clash=[_named(asked, kind, at, work) for kind, at in error.clash])
    except NothingFound:
        return Found(late=True)
    found = {
        "slots": [[one.at.isoformat(), one.channel.hex] for one in asked.slots],
        "requests": _requests(work, plan),
        "departments": _departments(work, plan),
        "others": _others(work, plan),
        "outside": [pk.hex for pk in asked.outside],
        "unserved": [pk.hex for pk in asked.unserved],
        "first": plan.first,
    }
    return Found(found, plan.log_welfare, plan.bound)


def _requests(work: Work, plan: Plan) -> list[dict[str, Any]]:
    rows = zip(work.asked.requests, plan.slot_of.tolist(), work.owner, work.values, strict=True)
    return [
        {
            "id": one.pk.hex,
            "department": who,
            "counts": work.asked.counted[one.pk],
            "slot": slot,
            "points": int(values[slot]) if slot >= 0 else 0,
            "best": int(values.max()),
            "own": work.asked.slots[slot].stands if slot >= 0 else "",
        }
        for one, slot, who, values in rows
    ]


def _departments(work: Work, plan: Plan) -> list[dict[str, Any]]:
    asked, got = work.asked, work.points(plan.slot_of)
    first = work.points(_first(work))
    summed = work.points(work.solve(OTHER_SECONDS, owner=[0] * len(work.owner)).slot_of)
    every, found = np.arange(len(asked.slots)), []
    for who, one in enumerate(asked.departments):
        weight, mine = asked.weights[one.pk], np.array(work.owner) == who
        found.append(
            {
                "id": one.pk.hex,
                "set": weight.set_,
                "factor": weight.factor,
                "out": weight.out,
                "total": weight.total,
                "due": weight.due,
                "counts": weight.counts,
                "asked": int(mine.sum()),
                "placed": int((plan.slot_of[mine] >= 0).sum()),
                "points": got[who],
                "alone": work.worth(who, every),
                "first": first[who],
                "sum": summed[who],
                "envies": _envies(work, plan, who),
            }
        )
    return found


def _first(work: Work) -> np.ndarray:
    """First come, first served, without musts: nobody's wish is more than another's."""
    rules = {name: rule for name, rule in work.rules.items() if name != "required"}
    return first_come(work.values, work.owner, work.capacity, allowed=work.allowed, **rules)


def _envies(work: Work, plan: Plan, who: int) -> list[list[int]]:
    """Per other department: its place, and what its slots would be worth to this one."""
    owner, found = np.array(work.owner), []
    for other in range(len(work.asked.departments)):
        slots = plan.slot_of[(owner == other) & (plan.slot_of >= 0)]
        if other != who and slots.size:
            found.append([other, work.worth(who, slots)])
    return found


def _others(work: Work, plan: Plan) -> list[dict[str, Any]]:
    """For requests that got less than they would like: the same plan with their best slot, and what that costs whom."""
    best = work.values.max(axis=1)
    got = np.where(plan.slot_of >= 0, work.values[np.arange(best.size), plan.slot_of], 0)
    short = [r for r in np.argsort(got - best, kind="stable").tolist() if got[r] < best[r]]
    before, found = work.points(plan.slot_of), []
    for r in short[:MOST_OTHERS]:
        if r in work.rules["fixed"] or time.monotonic() > work.until - OTHER_SECONDS:
            continue
        slot = int(work.values[r].argmax())
        row: dict[str, Any] = {"request": r, "slot": slot, "changes": [], "clash": False}
        try:
            other = work.solve(OTHER_SECONDS, fixed=work.rules["fixed"] | {r: slot})
        except Infeasible:
            row["clash"] = True
        except NothingFound:
            continue
        else:
            after = work.points(other.slot_of)
            row["changes"] = [
                [who, a - b] for who, (a, b) in enumerate(zip(after, before, strict=True)) if a != b
            ]
        found.append(row)
    return found


def _named(asked: Asked, kind: str, at: int, work: Work) -> list[Any]:
    """A part of a clash by what it is about: [kind, [ids of requests], instant or ""]."""
    when = ""
    if kind in {"required", "allowed", "fixed"}:
        about = [at]
    elif kind == "capacity":
        about, when = [], asked.slots[at].at.isoformat()
    elif kind == "conflict":
        about = list(work.rules["conflicts"][at][2])
    else:
        about = list(work.rules[{"bundle": "bundles"}.get(kind, kind)][at])
    return [kind, [asked.requests[r].pk.hex for r in about], when]
