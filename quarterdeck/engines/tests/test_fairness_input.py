"""What the fair calendar refuses, in which words, and what it makes of the smallest problems."""

from __future__ import annotations

import math

import numpy as np
import pytest

from quarterdeck.engines._fairness_input import MOST_CELLS, MOST_RULES
from quarterdeck.engines._fairness_welfare import exact_welfare
from quarterdeck.engines.fairness import BadInput, Infeasible, NothingFound, fair_calendar

GOOD = {"values": [[50, 40, 30], [20, 90, 10]], "owner": [0, 1], "capacity": [1, 1, 1]}
NAN = float("nan")


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ({"values": [[50, -1, 30], [20, 90, 10]]}, "below 0"),
        ({"values": [[50, 1.5, 30], [20, 90, 10]]}, "whole numbers"),
        ({"values": [[50, NAN, 30], [20, 90, 10]]}, "finite"),
        ({"values": [[50, math.inf, 30], [20, 90, 10]]}, "finite"),
        ({"values": [["a", "b", "c"]] * 2}, "whole numbers"),
        ({"values": [[50, 40], [20]]}, "array"),
        ({"values": [50, 40, 30]}, "2 dimensions, not 1"),
        ({"values": [[101, 40, 30], [20, 90, 10]]}, "stakeholder 0 is worth 101 points"),
        ({"values": []}, "dimensions"),
        ({"values": np.zeros((0, 3))}, "empty"),
        ({"values": np.zeros((2, 0))}, "empty"),
        ({"values": np.zeros((MOST_CELLS // 100 + 1, 100))}, "more than 50,000 cells"),
        ({"owner": [0]}, "1 stakeholders for 2 requests"),
        ({"owner": [0, -1]}, "below 0"),
        ({"owner": [0, 0.5]}, "whole numbers"),
        ({"owner": [0, 10**7]}, "number 10000000 is above"),
        ({"capacity": [1, 1]}, "2 slots; `values` has 3"),
        ({"capacity": [1, 1, -1]}, "below 0"),
        ({"capacity": [1, 1, NAN]}, "finite"),
        ({"capacity": [1, 1, 10**9]}, "at most"),
        ({"allowed": [[True, True, True]]}, "has the shape"),
        ({"allowed": [[1, 0, 1], [1, 1, 1]]}, "true and false"),
        ({"required": [2]}, "only requests 0 to 1"),
        ({"required": [0, 0]}, "twice"),
        ({"required": [0.0]}, "not a whole number"),
        ({"required": [True]}, "not a whole number"),
        ({"required": 1}, "must be a list"),
        ({"weights": [1]}, "each of the 2 stakeholders"),
        ({"weights": [1, 0]}, "above 0"),
        ({"weights": [1, -2]}, "above 0"),
        ({"weights": [1, NAN]}, "above 0"),
        ({"weights": [1, 1e9]}, "from 1e-06 to 1e"),
        ({"weights": ["a", "b"]}, "must be numbers"),
        ({"bundles": [[0, 0]]}, "twice"),
        ({"bundles": [[0, 1], [1, 0]]}, "same bundle twice"),
        ({"bundles": [[]]}, "empty bundle"),
        ({"bundles": [[0, 5]]}, "names request 5"),
        ({"bundles": "ab"}, "must be a list"),
        ({"order": [(0, 1, 1)]}, "pair"),
        ({"order": [(0, 1), (0, 1)]}, "same pair twice"),
        ({"order": [(0, 1), (1, 0)]}, "circle: request 0 before request 1 before request 0"),
        ({"order": [(1, 1)]}, "circle: request 1 before request 1"),
        ({"order": [(0, -1)]}, "only requests"),
        ({"conflicts": [(0, 3, [0])]}, "only slots 0 to 2"),
        ({"conflicts": [(1, 1, [0])]}, "against itself"),
        ({"conflicts": [(0, 1)]}, "must be"),
        ({"conflicts": [(0, 1, [])]}, "binds no request"),
        ({"conflicts": [(0, 1, [0, 0])]}, "twice"),
        ({"conflicts": [(0, 1, [0, 1]), (1, 0, [1, 0])]}, "same conflict twice"),
        ({"fixed": {0: 3}}, "only slots 0 to 2"),
        ({"fixed": {2: 0}}, "only requests 0 to 1"),
        ({"fixed": [(0, 0)]}, "map requests"),
        ({"seconds": 0}, "above 0"),
        ({"seconds": NAN}, "above 0"),
        ({"seconds": "1"}, "above 0"),
        ({"bundles": [[0]] * (MOST_RULES + 1)}, "same bundle"),
        ({"order": [(0, 1)] * (MOST_RULES + 1)}, "same pair"),
    ],
)
def test_bad_input_is_refused_in_words(part, words):
    with pytest.raises(BadInput, match=words):
        fair_calendar(**(GOOD | part))


@pytest.mark.parametrize(
    ("part", "clash", "words"),
    [
        ({"fixed": {0: 1, 1: 1}}, {("fixed", 0), ("fixed", 1), ("capacity", 1)}, "slot 1 takes 1 post"),
        (
            {"fixed": {0: 1}, "allowed": [[True, False, True], [True] * 3]},
            {("fixed", 0), ("allowed", 0)},
            "request 0 may stand only in slots 0, 2",
        ),
        (
            {"required": [1], "allowed": [[True] * 3, [False] * 3]},
            {("required", 1), ("allowed", 1)},
            "in no slot",
        ),
        (
            {"fixed": {0: 1, 1: 0}, "order": [(0, 1)]},
            {("fixed", 0), ("fixed", 1), ("order", 0)},
            "before request 1",
        ),
        (
            {"fixed": {0: 0, 1: 2}, "conflicts": [(0, 1, [0, 1]), (2, 0, [0, 1])]},
            {("fixed", 0), ("fixed", 1), ("conflict", 1)},
            "slots 0 and 2 may not both go to requests 0, 1",
        ),
        (
            {"required": [0], "bundles": [[1], [0, 1]], "capacity": [0, 1, 0]},
            {("required", 0), ("bundle", 1), ("capacity", 0), ("capacity", 1), ("capacity", 2)},
            "placed all or none",
        ),
        ({"order": [(0, 1), (1, 0)]}, {("order", 0), ("order", 1)}, "circle"),
    ],
)
def test_the_clash_is_named(part, clash, words):
    with pytest.raises(Infeasible, match=words) as refused:
        fair_calendar(**(GOOD | part))
    assert set(refused.value.clash) == clash
    assert refused.value.minimal


def test_a_clash_is_found_among_many_rules():
    n, m = 16, 30
    values, capacity = np.full((n, m), 50), np.ones(m, dtype=int)
    order = [(r, r + 1) for r in range(n - 1)]
    with pytest.raises(Infeasible) as refused:
        fair_calendar(values, [0] * n, capacity, order=order, fixed={10: 20, 13: 22}, required=range(n))
    held = {("required", 11), ("required", 12), ("fixed", 10), ("fixed", 13)}
    assert set(refused.value.clash) == held | {("order", 10), ("order", 11), ("order", 12)}


def test_time_may_end_before_anything_is_proved():
    values = np.random.default_rng(1).integers(0, 101, (60, 120))
    owner, order = [r % 9 for r in range(60)], [(r, r + 9) for r in range(20)]
    quick = fair_calendar(values, owner, [1] * 120, required=[3, 12], order=order, seconds=1e-6)
    assert (quick.slot_of[[3, 12]] >= 0).all()
    assert 0.0 < quick.gap < math.inf
    assert not quick.first
    with pytest.raises(
        NothingFound, match="Time ended"
    ):  # a first guess puts request 0 into the only slot of 1
        fair_calendar([[9, 1], [9, 9]], [0, 1], [1, 1], [[True, True], [True, False]], [0, 1], seconds=1e-6)
    solved = fair_calendar([[9, 1], [9, 9]], [0, 1], [1, 1], [[True, True], [True, False]], [0, 1])
    assert solved.slot_of.tolist() == [1, 0]


def test_the_smallest_problems():
    one = fair_calendar([[7]], [0], [1])
    assert (one.slot_of.tolist(), one.utility.tolist(), one.log_welfare) == ([0], [7], math.log(7))
    assert fair_calendar([[7]], [0], [0]).slot_of.tolist() == [-1]
    nothing = fair_calendar([[0, 0]], [0], [1, 1])
    assert (nothing.slot_of.tolist(), nothing.log_welfare, nothing.bound, nothing.gap) == ([0], 0.0, 0.0, 0.0)
    unasked = fair_calendar([[5]], [2], [1], weights=[1, 1, 2, 1])
    assert unasked.utility.tolist() == [0, 0, 5, 0]
    assert unasked.log_welfare == pytest.approx(2 * math.log(5))


def test_other_ways_to_write_the_same():
    floats = fair_calendar(
        np.array(GOOD["values"], dtype=float), np.array([0, 1]), (1, 1, 1), bundles=({0, 1},)
    )
    assert floats.slot_of.tolist() == [0, 1]
    nested = fair_calendar(**GOOD, conflicts=[((0, 1), [0, 1])])
    flat = fair_calendar(**GOOD, conflicts=[(1, 0, {0, 1})])
    assert nested.slot_of.tolist() == flat.slot_of.tolist() == [2, 1]


def test_the_same_input_gives_the_same_plan_and_is_left_alone():
    values = np.random.default_rng(3).integers(0, 4, (12, 15)) * 25
    given = {"values": values, "owner": [r % 4 for r in range(12)], "capacity": [1] * 6 + [0] * 9}
    before = values.copy()
    plans = {tuple(fair_calendar(**given).slot_of.tolist()) for _ in range(3)}
    assert len(plans) == 1
    assert (values == before).all()


def test_long_products_are_compared_to_sixty_digits():
    weights = [10**6, 1]
    assert exact_welfare(weights, [3, 8]) > exact_welfare(weights, [3, 7])
    assert exact_welfare(weights, [2, 50]) < exact_welfare(weights, [3, 1])
    assert exact_welfare([10**6, 10**6], [2, 8]) == exact_welfare([10**6, 10**6], [4, 4])
