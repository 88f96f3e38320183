"""The allocator's certificates and times, beside SLSQP (how budget optimisers search) and HiGHS.

Made-up problems: scale and half log-normal(0, 1), shape uniform 1.2 to 4 (0.3 to 1 for the concave ones), the
budget 15 % to 120 % of the sum of halves; for SLSQP it is scaled to 1, which is where it works best. Draws
for the worst-20 % objective: 30 % log-normal scatter on all three parameters (60 % in the wide case).
"""

from __future__ import annotations

import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np

from bench._real import environment, row
from quarterdeck.engines.allocation import allocate, allocate_risk, hill, piecewise

SEED = 20260301
GRID = np.linspace(0, 1, 31)


def problem(rng: np.random.Generator, n: int, concave: bool = False) -> np.ndarray:
    """Hill parameters (3, n) for a budget of 1."""
    half = rng.lognormal(0, 1, n)
    shape = rng.uniform(0.3, 1, n) if concave else rng.uniform(1.2, 4, n)
    return np.stack([rng.lognormal(0, 1, n), half / (rng.uniform(0.15, 1.2) * half.sum()), shape])


def curves(p: np.ndarray) -> list:
    return [hill(*column) for column in p.T]


def _certificates() -> list[dict]:
    rows = []
    rng = np.random.default_rng(SEED)
    allocate(curves(problem(rng, 12)), 1.0)
    allocate([hill(1, 0.1, 4)] * 12, 1.0)  # compiles the cells too
    for n, count, limit in ((5, 300, 10), (20, 100, 20), (100, 25, 60), (1000, 5, 400)):
        times, gaps = [], []
        for _ in range(count):
            given = curves(problem(rng, n))
            began = time.process_time()
            plan = allocate(given, 1.0)
            times.append((time.process_time() - began) * 1e3)
            gaps.append(plan.gap)
        rows.append(
            row(
                f"allocation: {n} S-curves, {count} problems: CPU ms median (largest), largest gap",
                f"{np.median(times):.1f} ({max(times):.1f}), {max(gaps):.1e}",
                f"<= {limit} ms, gap <= 1e-6",
                "",
                f"{np.median(times) / limit:.2f} of the limit",
            )
        )
    for n, share in ((20, 0.5), (40, 0.37), (100, 0.73), (300, 0.73)):
        began = time.process_time()
        plan = allocate([hill(100, 10, 4)] * n, share * n * 10)
        spent = (time.process_time() - began) * 1e3
        rows.append(
            row(f"allocation: {n} equal S-curves (hardest): CPU ms, gap", f"{spent:.0f}, {plan.gap:.1e}")
        )
    return rows


def _units() -> list[dict]:
    rng, worst, spends = np.random.default_rng(SEED + 1), 0.0, 0.0
    for _ in range(100):
        p = problem(rng, 8)
        plan = allocate(curves(p), 1.0)
        for money, outcome in ((1e6, 1e-6), (1e-6, 1e6), (1e6, 1e6), (1e-6, 1e-6)):
            other = allocate(curves(p * np.array([outcome, money, 1])[:, None]), money)
            worst = max(
                worst,
                abs(other.value / outcome / plan.value - 1),
                abs(other.bound / outcome / plan.bound - 1),
            )
            spends = max(spends, np.abs(other.spend / money - plan.spend).max())
    return [
        row(
            "allocation: largest change of value or bound, and of spend, under units of 1e-6 to 1e6",
            f"{worst:.0e}, {spends:.0e} of the budget",
            "nothing but units",
        )
    ]


def _narrow(p: np.ndarray, rng: np.random.Generator, width: float) -> tuple[np.ndarray, np.ndarray]:
    history = rng.dirichlet(np.full(p.shape[1], 3.0))
    return history * (1 - width), history * (1 + width)


def _cases() -> dict[str, dict[str, np.ndarray]]:
    rng = np.random.default_rng(SEED + 2)
    plan = {
        "5 S-curves": (700, 5, 10, False, None, 1.0),
        "20 S-curves": (300, 20, 10, False, None, 1.0),
        "8 concave": (60, 8, 1, True, None, 1.0),
        "8 concave, money in 1e6, outcome in 1e-3": (60, 8, 1, True, None, 1e6),
        "8 S-curves within 30 % of history": (60, 8, 1, False, 0.3, 1.0),
    }
    cases = {}
    for name, (count, n, starts, concave, width, money) in plan.items():
        problems = np.stack([problem(rng, n, concave) for _ in range(count)])
        low, high = np.zeros((count, n)), np.ones((count, n))
        if width is not None:
            low, high = (
                np.stack(side) for side in zip(*(_narrow(p, rng, width) for p in problems), strict=True)
            )
        begin = rng.dirichlet(np.ones(n), (count, starts))
        begin[:, 0] = low + (1 - low.sum(axis=1, keepdims=True)) / n if width is not None else 1.0 / n
        if money != 1.0:
            problems = problems * np.array([1e-3, money, 1])[:, None]
        cases[name] = {
            "hill": problems,
            "starts": begin * money,
            "low": low * money,
            "high": high * money,
            "budget": np.full(count, money),
        }
    return cases


def _peers(cases: dict) -> tuple[dict, dict[str, np.ndarray]]:
    rng = np.random.default_rng(SEED + 3)
    cut = {str(n): np.stack([problem(rng, n) for _ in range(count)]) for n, count in ((5, 10), (20, 4))}
    arrays = {f"{part}_{i}": a for i, case in enumerate(cases.values()) for part, a in case.items()}
    arrays |= {f"milp_{n}": p for n, p in cut.items()}
    with tempfile.TemporaryDirectory() as scratch:
        given, out = Path(scratch) / "in.npz", Path(scratch) / "out.npz"
        np.savez(given, grid=GRID, **arrays)
        python = environment("allocation", "scipy==1.17.1", "numpy==2.4.6")
        subprocess.run([python, Path(__file__).with_name("_allocation_peers.py"), given, out], check=True)
        with np.load(out) as found:
            return dict(found), cut


def _against_slsqp(cases: dict, said: dict) -> list[dict]:
    rows, worse, total = [], 0.0, 0
    for i, (name, case) in enumerate(cases.items()):
        began = time.process_time()
        plans = [
            allocate(curves(p), b, low, high)
            for p, b, low, high in zip(case["hill"], case["budget"], case["low"], case["high"], strict=True)
        ]
        spent = (time.process_time() - began) / len(plans) * 1e3
        ours, theirs = np.array([plan.value for plan in plans]), said[f"slsqp_{i}"]
        worse = max(worse, float((theirs.max(axis=1) / ours - 1).max()))
        total += len(plans)
        loss = 1 - theirs[:, 0] / ours
        lost = "/".join(f"{np.mean(loss > part):.0%}" for part in (0.001, 0.01, 0.05))
        best = 1 - theirs.max(axis=1) / ours
        ten = (
            f"; best of {theirs.shape[1]} starts > 0.1 % in {np.mean(best > 1e-3):.0%}"
            if theirs.shape[1] > 1
            else ""
        )
        rows.append(
            row(
                f"allocation: SLSQP from even spend, {name}: loses > 0.1/1/5 % in; mean, largest loss",
                f"{lost}; {loss.mean():.2%}, {loss.max():.1%}{ten}",
                "",
                f"SLSQP {said[f'cpu_{i}'] * 1e3:.1f} ms a start, ours {spent:.1f} ms",
                f"{spent / 1e3 / said[f'cpu_{i}']:.2f}",
            )
        )
    first = row(
        f"allocation: any SLSQP start better than ours, largest relative excess over {total} problems",
        f"{worse:.1e}",
        "<= the tolerance of 1e-6",
    )
    return [first, *rows]


def _against_highs(cut: dict, said: dict) -> list[dict]:
    rows = []
    for n, problems in cut.items():
        apart, gain, began = 0.0, 0.0, time.process_time()
        for p, milp in zip(problems, said[f"milp_{n}"], strict=True):
            joined = allocate([piecewise(GRID, c(GRID)) for c in curves(p)], 1.0)
            apart = max(apart, abs(joined.value / milp - 1))
            gain = max(gain, abs(allocate(curves(p), 1.0).value / milp - 1))
        spent = (time.process_time() - began) / len(problems) / 2
        rows.append(
            row(
                f"allocation: HiGHS on 30 segments, {n} channels: apart on the same segments; from the smooth curves",
                f"{apart:.1e}; {gain:.2%}",
                "within its discretisation",
                f"HiGHS {said[f'milp_cpu_{n}'] * 1e3:.0f} ms, ours {spent * 1e3:.1f} ms",
                f"{spent / said[f'milp_cpu_{n}']:.3f}",
            )
        )
    return rows


def _risk() -> list[dict]:
    rows = []
    for spread in (0.3, 0.6):
        rng, gaps, times, gains = np.random.default_rng(SEED + 4), [], [], []
        for k in range(21):
            scatter = rng.lognormal(0, spread, (400, 8, 3))
            p = problem(rng, 8).T
            draws = np.stack([p[:, 0], p[:, 1], p[:, 2] - 1], axis=-1) * scatter + [0, 0, 1]
            began = time.process_time()
            plan = allocate_risk(draws, 1.0)
            spent = time.process_time() - began
            if k:  # the first one compiles
                gaps.append(plan.gap)
                times.append(spent)
                mean = allocate_risk(draws, 1.0, tail=1.0)
                gains.append(plan.value / _tail(draws, mean.spend) - 1)
        rows.append(
            row(
                f"allocation: worst 20 %, 8 x 400 draws, scatter {spread:.0%}: gap median, largest; CPU s largest",
                f"{np.median(gaps):.2%}, {max(gaps):.2%}; {max(times):.2f}",
                "<= 2 % in <= 2 s",
                f"best split for the mean: worst 20 % lower by {np.median(gains):.1%} median, {max(gains):.1%} largest",
            )
        )
    return rows


def _tail(draws: np.ndarray, x: np.ndarray) -> float:
    with np.errstate(divide="ignore", over="ignore"):
        values = (draws[:, :, 0] / (1 + (draws[:, :, 1] / x) ** draws[:, :, 2])).sum(axis=1)
    return float(np.sort(values)[: len(values) // 5].mean())


def main() -> list[dict]:
    cases = _cases()
    said, cut = _peers(cases)
    return [*_certificates(), *_units(), *_against_slsqp(cases, said), *_against_highs(cut, said), *_risk()]


if __name__ == "__main__":
    for line in main():
        print(line)
