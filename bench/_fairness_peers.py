"""Run in the peers' own environment: the fair calendar written down plainly, for CP-SAT and for HiGHS.

`python _fairness_peers.py in.json out.json`. Both get everything at once, nothing lazy and nothing cut: one 0/1
variable per allowed (request, slot), the rules as they read, and the logarithm of each whole utility as the chords
between neighbours, all of them (HiGHS) or rounded to 1e-6 in integers (CP-SAT, one worker, its defaults
otherwise). Every stakeholder can be served in these problems, so each utility is at least 1. Each has `limit`
seconds of wall time; the answer is (CPU seconds, welfare found, bound), welfare and bound in natural logarithms.
"""

import json
import math
import sys
import time

import numpy as np
from ortools.sat.python import cp_model
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

MICRO = 10**6


def cells(given):
    return [
        (r, s)
        for r, row in enumerate(given["values"])
        for s in range(len(row))
        if given["allowed"][r][s] and given["capacity"][s]
    ]


def tops(given):
    best = [0] * (max(given["owner"]) + 1)
    for r, a in enumerate(given["owner"]):
        best[a] += max(given["values"][r])
    return best


def rules(given, cell):
    """(cells of one row, factors, low, high) for every rule."""
    n, m = len(given["values"]), len(given["values"][0])
    of = {r: [] for r in range(n)}
    at = {s: [] for s in range(m)}
    for j, (r, s) in enumerate(cell):
        of[r].append(j)
        at[s].append(j)
    where = {pair: j for j, pair in enumerate(cell)}
    for r in range(n):
        yield of[r], [1] * len(of[r]), int(r in given["required"]), 1
    for s in range(m):
        yield at[s], [1] * len(at[s]), 0, given["capacity"][s]
    for first, *others in given["bundles"]:
        for r in others:
            yield of[first] + of[r], [1] * len(of[first]) + [-1] * len(of[r]), 0, 0
    for r, q in given["order"]:
        for s in range(m):
            row = [j for j in of[r] if cell[j][1] >= s] + [j for j in of[q] if cell[j][1] <= s]
            yield row, [1] * len(row), 0, 1
    for s, t, bound in given["conflicts"]:
        row = [where[r, k] for r in bound for k in (s, t) if (r, k) in where]
        yield row, [1] * len(row), 0, 1


def cp_sat(given, limit):
    model, cell = cp_model.CpModel(), cells(given)
    x = [model.new_bool_var("") for _ in cell]
    for row, factors, low, high in rules(given, cell):
        model.add_linear_constraint(sum(f * x[j] for f, j in zip(factors, row, strict=True)), low, high)
    logs = []
    for a, top in enumerate(tops(given)):
        u, t = model.new_int_var(1, top, ""), model.new_int_var(0, round(MICRO * math.log(top)) + 1, "")
        model.add(
            u == sum(given["values"][r][s] * x[j] for j, (r, s) in enumerate(cell) if given["owner"][r] == a)
        )
        table = [0] + [round(MICRO * math.log(k)) for k in range(1, top + 1)]
        for k in range(1, top):
            slope = table[k + 1] - table[k]
            model.add(t <= table[k] + slope * (u - k))
        logs.append(t)
    model.maximize(sum(logs))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = limit
    solver.parameters.num_workers = 1
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None, solver.best_objective_bound / MICRO
    placed = [cell[j] for j in range(len(cell)) if solver.value(x[j])]
    return welfare(given, placed), solver.best_objective_bound / MICRO


def highs(given, limit):
    cell = cells(given)
    n, best = len(cell), tops(given)
    people = len(best)
    data, row_of, column, low, high = [], [], [], [], []

    def add(columns, factors, least, most):
        data.extend(factors)
        column.extend(columns)
        row_of.extend([len(low)] * len(columns))
        low.append(least)
        high.append(most)

    for row in rules(given, cell):
        add(*row)
    for a, top in enumerate(best):
        mine = [j for j, (r, _) in enumerate(cell) if given["owner"][r] == a]
        add([*mine, n + a], [*(given["values"][cell[j][0]][cell[j][1]] for j in mine), -1], 0, 0)
        for k in range(1, top):
            slope = math.log1p(1 / k)
            add([n + people + a, n + a], [1, -slope], -np.inf, math.log(k) - slope * k)
    size = n + 2 * people
    answer = milp(
        np.concatenate([np.zeros(n + people), -np.ones(people)]),
        constraints=LinearConstraint(csr_array((data, (row_of, column)), shape=(len(low), size)), low, high),
        integrality=np.concatenate([np.ones(n), np.zeros(2 * people)]),
        bounds=Bounds(
            np.concatenate([np.zeros(n), np.ones(people), np.zeros(people)]),
            np.concatenate([np.ones(n), best, np.log(best)]),
        ),
        options={"time_limit": limit, "mip_rel_gap": 0.0},
    )
    bound = None if answer.mip_dual_bound is None else -float(answer.mip_dual_bound)
    if answer.x is None:
        return None, bound
    return welfare(given, [cell[j] for j in np.flatnonzero(answer.x[:n] > 0.5)]), bound


def welfare(given, placed):
    utility = [0] * (max(given["owner"]) + 1)
    for r, s in placed:
        utility[given["owner"][r]] += given["values"][r][s]
    return sum(math.log(u) for u in utility)


def main():
    with open(sys.argv[1]) as file:
        asked = json.load(file)
    out = {"cp": [], "highs": []}
    for given, limit in asked:
        for name, solve in (("cp", cp_sat), ("highs", highs)):
            began = time.process_time()
            found, bound = solve(given, limit)
            out[name].append([time.process_time() - began, found, bound])
    with open(sys.argv[2], "w") as file:
        json.dump(out, file)


if __name__ == "__main__":
    main()
