"""The fair calendar against brute force, every rule on: the same plan, down to the ties; the same impossibility."""

from __future__ import annotations

import doctest
import itertools
import math
import time
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.engines import fairness
from quarterdeck.engines.fairness import Infeasible, fair_calendar, first_come

WEIGHTS = [0.1, 0.2, 0.3, 1, 1.5, 2, 7.25]


@st.composite
def problems(draw, requests=4, slots=5):
    """A small problem with any of the rules; the keywords of `fair_calendar`."""
    n, m = draw(st.integers(1, requests)), draw(st.integers(1, slots))
    points = draw(st.sampled_from([range(101), range(0, 101, 20), range(4), (0, 1, 100), (0, 50)]))
    some = st.sets(st.integers(0, n - 1), min_size=1).map(sorted)
    chosen = st.one_of(st.just([]), some)
    owner = [draw(st.integers(0, n - 1)) for _ in range(n)]
    given_ = {
        "values": [[draw(st.sampled_from(points)) for _ in range(m)] for _ in range(n)],
        "owner": owner,
        "capacity": [draw(st.integers(0, 2)) for _ in range(m)],
    }
    rules = draw(
        st.sets(st.sampled_from(["allowed", "weights", "bundles", "order", "conflicts", "required", "fixed"]))
    )
    if "allowed" in rules:
        given_["allowed"] = [[draw(st.integers(0, 3)) > 0 for _ in range(m)] for _ in range(n)]
    if "weights" in rules:
        given_["weights"] = [draw(st.sampled_from(WEIGHTS)) for _ in range(max(owner) + 1)]
    if "bundles" in rules:
        given_["bundles"] = [set(b) for b in draw(st.sets(some.map(frozenset), max_size=2))]
    if "order" in rules:
        line = draw(st.permutations(range(n)))
        given_["order"] = [p for p in itertools.combinations(line, 2) if draw(st.booleans())]
    if "conflicts" in rules:
        pairs = [p for p in itertools.combinations(range(m), 2) if draw(st.booleans())]
        given_["conflicts"] = [(s, t, draw(some)) for s, t in pairs]
    if "required" in rules:
        given_["required"] = draw(chosen)
    if "fixed" in rules:
        given_["fixed"] = {r: draw(st.integers(0, m - 1)) for r in draw(chosen)[:2]}
    return given_


def meets(given_, plan):
    """Written apart from the engine's own check, straight from the contract."""
    capacity = given_["capacity"]
    placed = {r: s for r, s in enumerate(plan) if s >= 0}
    mask = given_.get("allowed")
    return (
        all(list(plan).count(s) <= c for s, c in enumerate(capacity))
        and all(-1 <= s < len(capacity) for s in plan)
        and (mask is None or all(mask[r][s] for r, s in placed.items()))
        and all(r in placed for r in given_.get("required", ()))
        and all(placed.get(r) == s for r, s in given_.get("fixed", {}).items())
        and all(len({r in placed for r in b}) <= 1 for b in given_.get("bundles", ()))
        and all(
            not (r in placed and q in placed) or placed[r] < placed[q] for r, q in given_.get("order", ())
        )
        and all(
            not (any(placed.get(r) == s for r in b) and any(placed.get(r) == t for r in b))
            for s, t, b in given_.get("conflicts", ())
        )
    )


def utilities(given_, plan):
    found = [0] * (len(given_["weights"]) if "weights" in given_ else max(given_["owner"]) + 1)
    for r, s in enumerate(plan):
        if s >= 0:
            found[given_["owner"][r]] += int(given_["values"][r][s])
    return found


def whole(weights):
    exact = [Fraction(str(w)) for w in weights]
    scale = math.lcm(*(w.denominator for w in exact))
    return [int(w * scale) for w in exact]


def every(given_):
    slots = range(len(given_["capacity"]))
    return (p for p in itertools.product([*slots, -1], repeat=len(given_["owner"])) if meets(given_, p))


def brute_force(given_):
    """The best plan by looking at all, in the order in which ties break; None if there is none."""
    best = None
    for plan in every(given_):
        utility = utilities(given_, plan)
        weights = whole(given_.get("weights", [1] * len(utility)))
        served = [(w, u) for w, u in zip(weights, utility, strict=True) if u]
        worth = (sum(w for w, _ in served), math.prod(u**w for w, u in served))
        if best is None or worth > best[0]:
            best = (worth, plan)
    return best and best[1]


def only(given_, parts):
    """The problem with nothing but some of its requirements."""
    have = set(parts)

    def kept(kind, name):
        return [rule for k, rule in enumerate(given_.get(name, ())) if (kind, k) in have]

    n, m = len(given_["owner"]), len(given_["capacity"])
    mask = given_.get("allowed", [[True] * m] * n)
    return given_ | {
        "required": [r for r in given_.get("required", ()) if ("required", r) in have],
        "fixed": {r: s for r, s in given_.get("fixed", {}).items() if ("fixed", r) in have},
        "allowed": [mask[r] if ("allowed", r) in have else [True] * m for r in range(n)],
        "capacity": [c if ("capacity", s) in have else n for s, c in enumerate(given_["capacity"])],
        "bundles": kept("bundle", "bundles"),
        "order": kept("order", "order"),
        "conflicts": kept("conflict", "conflicts"),
    }


def test_the_example_in_the_docstring_is_true():
    result = doctest.testmod(fairness)
    assert result.attempted >= 6
    assert result.failed == 0


@given(problems())
def test_the_plan_is_the_first_of_the_best_or_the_clash_is_minimal(given_):
    best = brute_force(given_)
    if best is None:
        with pytest.raises(Infeasible) as refused:
            fair_calendar(**given_)
        clash = refused.value.clash
        assert refused.value.minimal
        assert not any(True for _ in every(only(given_, clash)))
        for part in clash:
            assert any(True for _ in every(only(given_, set(clash) - {part}))), part
        return
    plan = fair_calendar(**given_)
    assert tuple(plan.slot_of.tolist()) == best
    utility = utilities(given_, best)
    weights = given_.get("weights", [1] * len(utility))
    log = sum(w * math.log(u) for w, u in zip(weights, utility, strict=True) if u)
    assert plan.utility.tolist() == utility
    assert plan.log_welfare == pytest.approx(log, abs=1e-9)
    assert (plan.bound, plan.gap, plan.first) == (plan.log_welfare, 0.0, True)


@given(problems(requests=6, slots=7), st.sampled_from([None, 0.02, 0.2]))
def test_every_plan_meets_every_rule_even_when_time_ends_it(given_, seconds):
    try:
        plan = fair_calendar(**given_, seconds=seconds)
    except Infeasible:
        return
    except fairness.NothingFound:
        plan = None
    if plan is None:
        assert seconds is not None
        return
    assert meets(given_, plan.slot_of.tolist())
    assert plan.utility.tolist() == utilities(given_, plan.slot_of.tolist())
    assert plan.gap == plan.bound - plan.log_welfare >= 0.0
    assert plan.gap == 0.0 or seconds


def made_up(n, m, people, seed, room=1.0):
    """A busy calendar: good slots are good for most, some requests hang together."""
    rng = np.random.default_rng(seed)
    liked = rng.beta(1, 3, m) * rng.uniform(0.5, 1.2, (n, 1)) + rng.normal(0, 0.05, (n, m))
    line = rng.permutation(n).tolist()
    return {
        "values": np.rint(100 * liked.clip(0, 1)).astype(int),
        "owner": rng.permutation([*range(people), *rng.integers(0, people, n - people)]).tolist(),
        "capacity": (rng.random(m) < room).astype(int).tolist(),
        "allowed": rng.random((n, m)) < 0.7,
        "bundles": [line[:2]],
        "order": [(line[2], line[3]), (line[3], line[4])],
        "conflicts": [(s, s + 1, line[: n // 2]) for s in range(m - 1)],
    }


def test_a_busy_calendar_agrees_with_all_chords_at_once():
    # The same problem without anything lazy, by HiGHS: one column per cell, every chord of every logarithm.
    given_ = made_up(10, 14, 3, 0)
    plan = fair_calendar(**given_)
    assert plan.gap == 0.0
    assert plan.log_welfare == pytest.approx(all_at_once(given_), abs=1e-5)


def all_at_once(given_):
    from scipy.optimize import Bounds, LinearConstraint, milp

    points, owner = given_["values"], given_["owner"]
    n, m = points.shape
    people = max(owner) + 1
    size = n * m + people
    cells = np.arange(n * m).reshape(n, m)
    rows, low, high = [], [], []

    def add(pairs, least, most):
        row = np.zeros(size)
        for j, factor in pairs:
            row[j] += factor
        rows.append(row)
        low.append(least)
        high.append(most)

    for r in range(n):
        add([(cells[r, s], 1) for s in range(m)], 0, 1)
    for s in range(m):
        add([(cells[r, s], 1) for r in range(n)], 0, given_["capacity"][s])
    for first, *others in given_["bundles"]:
        for r in others:
            add([(cells[first, s], 1) for s in range(m)] + [(cells[r, s], -1) for s in range(m)], 0, 0)
    for r, q in given_["order"]:
        for s, t in itertools.product(range(m), repeat=2):
            if s >= t:
                add([(cells[r, s], 1), (cells[q, t], 1)], 0, 1)
    for s, t, bound in given_["conflicts"]:
        for r, q in itertools.permutations(bound, 2):
            add([(cells[r, s], 1), (cells[q, t], 1)], 0, 1)
    for a in range(people):
        mine = [(cells[r, s], points[r, s]) for r in range(n) if owner[r] == a for s in range(m)]
        top = int(sum(points[r].max() for r in range(n) if owner[r] == a))
        for k in range(1, top):
            slope = math.log(k + 1) - math.log(k)
            line = [(j, -slope * v) for j, v in mine]
            add([(n * m + a, 1), *line], -np.inf, math.log(k) - slope * k)
    cost = np.concatenate([np.zeros(n * m), -np.ones(people)])
    open_ = np.concatenate([given_["allowed"].ravel(), np.full(people, 99)]).astype(float)
    found = milp(
        cost,
        constraints=LinearConstraint(np.array(rows), low, high),
        integrality=np.concatenate([np.ones(n * m), np.zeros(people)]),
        bounds=Bounds(0, open_),
        options={"mip_rel_gap": 0},
    )
    return -found.fun


def test_who_comes_first_takes_the_best_slot_left():
    points = [[90, 80, 10], [70, 70, 60], [95, 30, 30], [40, 60, 50]]
    assert first_come(points, [0, 0, 1, 2], [1, 1, 1]).tolist() == [0, 1, 2, -1]
    assert first_come(points, [0, 0, 1, 2], [1, 1, 1], fixed={3: 0}).tolist() == [1, 2, -1, 0]
    assert first_come(points, [0, 0, 1, 2], [1, 0, 1], bundles=[(0, 3)]).tolist() == [0, -1, -1, 2]
    with pytest.raises(Infeasible):
        first_come(points, [0, 0, 1, 2], [0, 1, 1], fixed={0: 0})


def test_nobody_gains_by_asking_louder():
    given_ = made_up(8, 12, 3, 5)
    loud = np.array(given_["values"]) // 2
    plan = fair_calendar(**(given_ | {"values": loud}))
    loud[np.array(given_["owner"]) == 1] *= 2
    louder = fair_calendar(**(given_ | {"values": loud}))
    assert louder.slot_of.tolist() == plan.slot_of.tolist()
    assert louder.utility[1] == 2 * plan.utility[1]


def test_where_the_sum_forgets_somebody_they_are_served():
    points = [[100, 100], [90, 90], [1, 1]]
    plan = fair_calendar(points, [0, 0, 1], [1, 1])
    assert plan.slot_of.tolist() == [0, -1, 1]
    assert plan.utility.tolist() == [100, 1]


def test_weights_come_before_numbers_and_are_read_as_written():
    # One slot pair: serve 0 and 1 together (0.1 + 0.2) or 2 alone (0.3): the same weight, as decimals.
    points = [[10, 0], [0, 10], [100, 0]]
    rule = {"bundles": [(0, 1)]}
    assert fair_calendar(points, [0, 1, 2], [1, 1], weights=[1, 1, 3], **rule).slot_of.tolist() == [-1, -1, 0]
    tied = fair_calendar(points, [0, 1, 2], [1, 1], weights=[0.1, 0.2, 0.3], **rule)
    assert tied.slot_of.tolist() == [-1, -1, 0]  # 0.3 log 100 > 0.3 log 10
    assert tied.log_welfare == pytest.approx(0.3 * math.log(100))
    assert fair_calendar(points, [0, 1, 2], [1, 1], weights=[0.11, 0.2, 0.3], **rule).utility.tolist() == [
        10,
        10,
        0,
    ]


def test_ties_break_by_request_then_slot():
    same = [[50, 50, 50]] * 3
    assert fair_calendar(same, [0, 0, 0], [1, 1, 1]).slot_of.tolist() == [0, 1, 2]
    assert fair_calendar(same, [0, 0, 0], [1, 0, 1]).slot_of.tolist() == [0, 2, -1]
    assert fair_calendar(same, [0, 1, 0], [1, 1, 0]).slot_of.tolist() == [0, 1, -1]
    assert fair_calendar([[0, 0], [0, 0]], [0, 1], [2, 0]).slot_of.tolist() == [0, 0]


def test_products_that_logarithms_cannot_tell_apart():
    def two_ways(first, second):
        """All stakeholders get `first`, or all get `second`: two bundles of one slot each, for one audience."""
        people = range(len(first))
        points = [[a, b] for a, b in zip(first, second, strict=True)] + [[0, 0]] * 25 * len(first)
        owner = [*people, *(k % len(first) for k in range(25 * len(first)))]
        rules = {"bundles": [people], "conflicts": [(0, 1, people)]}
        return fair_calendar(points, owner, [len(first)] * 2, **rules).utility.tolist()

    less, more = [1962, 1996, 2017], [1961, 1999, 2015]  # 7,898,878,584 and 7,898,878,585
    assert two_ways(less, more) == two_ways(more, less) == more
    equal = [1960, 1998, 2014], [1961, 1995, 2016]
    assert math.prod(equal[0]) == math.prod(equal[1])
    assert two_ways(*equal) == equal[0]
    assert two_ways(*reversed(equal)) == equal[1]


def test_time_ends_it_with_a_plan_and_a_gap():
    given_ = made_up(60, 120, 12, 3, room=0.4)
    began = time.monotonic()
    plan = fair_calendar(**given_, seconds=1.0)
    assert time.monotonic() - began < 1.0 * 1.1 + 0.5  # this machine may be busy; the bench measures it
    assert meets(given_, plan.slot_of.tolist())
    assert 0.0 <= plan.gap < math.inf
    assert plan.bound >= plan.log_welfare
