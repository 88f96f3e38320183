"""Run in the peers' own environment: SLSQP as budget optimisers call it, and HiGHS on segments.

`python _allocation_peers.py in.npz out.npz`. Problems are rows of Hill parameters with a budget of 1; SLSQP
gets the exact gradient and settings ftol 1e-9, maxiter 1000 (those of pymc-marketing's budget optimiser), an
equality on the sum, and bounds. Its answer is scaled back if it overspends.
"""

import sys
import time

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp, minimize
from scipy.sparse import csr_array


def hill(p, x):
    with np.errstate(divide="ignore", over="ignore"):
        return p[0] / (1.0 + (p[1] / np.maximum(x, 0.0)) ** p[2])


def slope(p, x, least=1e-9):
    """The gradient, kept finite where a steep curve leaves 0: `least` is in budgets, so this favours SLSQP."""
    x = np.maximum(x, least)
    with np.errstate(over="ignore"):
        share = 1.0 / (1.0 + (p[1] / x) ** p[2])
    return p[0] * p[2] / x * share * (1.0 - share)


def slsqp(p, start, low, high, budget):
    with np.errstate(all="ignore"):
        answer = minimize(
            lambda x: -hill(p, x).sum(),
            start,
            jac=lambda x: -slope(p, x, 1e-9 * budget),
            method="SLSQP",
            bounds=list(zip(low, high, strict=True)),
            constraints={"type": "eq", "fun": lambda x: x.sum() - budget, "jac": lambda x: np.ones(x.size)},
            options={"ftol": 1e-9, "maxiter": 1000},
        )
    x = np.clip(np.nan_to_num(answer.x), low, high)
    if x.sum() > budget:
        x = low + (x - low) * max(0.0, (budget - low.sum()) / max((x - low).sum(), 1e-300))
    return float(hill(p, x).sum())


def segments(p, grid):
    """The optimum of the curves joined at the grid, by HiGHS: one share and one binary per segment."""
    n, k = p.shape[1], grid.size - 1
    gains = np.concatenate([np.diff(hill(p[:, i], grid)) for i in range(n)])
    size = n * k
    rows, cols, vals, upper = [0] * size, list(range(size)), list(np.tile(np.diff(grid), n)), [1.0]
    for i in range(n):
        for j in range(k - 1):
            at = i * k + j
            rows += [len(upper)] * 2 + [len(upper) + 1] * 2
            cols += [at + 1, size + at, size + at, at]
            vals += [1.0, -1.0, 1.0, -1.0]
            upper += [0.0, 0.0]
    matrix = csr_array((vals, (rows, cols)), shape=(len(upper), 2 * size))
    answer = milp(
        -np.concatenate([gains, np.zeros(size)]),
        constraints=LinearConstraint(matrix, -np.inf, upper),
        integrality=np.concatenate([np.zeros(size), np.ones(size)]),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 1e-8, "time_limit": 60},
    )
    return float(-answer.fun)


def main():
    given, out = np.load(sys.argv[1]), {}
    for name in [n[5:] for n in given.files if n.startswith("hill_")]:
        problems, starts = given[f"hill_{name}"], given[f"starts_{name}"]
        lows, highs, budgets = given[f"low_{name}"], given[f"high_{name}"], given[f"budget_{name}"]
        began = time.process_time()
        values = [
            [slsqp(p, s, low, high, b) for s in each]
            for p, each, low, high, b in zip(problems, starts, lows, highs, budgets, strict=True)
        ]
        out[f"slsqp_{name}"] = np.array(values)
        out[f"cpu_{name}"] = (time.process_time() - began) / max(len(problems) * starts.shape[1], 1)
    for name in [n[5:] for n in given.files if n.startswith("milp_")]:
        began = time.process_time()
        out[f"milp_{name}"] = np.array([segments(p, given["grid"]) for p in given[f"milp_{name}"]])
        out[f"milp_cpu_{name}"] = (time.process_time() - began) / len(given[f"milp_{name}"])
    np.savez(sys.argv[2], **out)


if __name__ == "__main__":
    main()
