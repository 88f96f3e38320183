"""The fair calendar's proofs and times, beside CP-SAT and HiGHS on the same problem written down plainly.

Made-up calendars, as fair as we could think of them: good slots are good for most (beta(1, 3) by slot, times 0.5 to
1.2 by request, with noise) or each request likes its own slots; three in ten cells are not allowed; half the slots
are taken by others ("scarce": two thirds); with and without bundles, orders, a required request, and an audience of
half the requests that may not get two posts in neighbouring slots. The peers get half the seconds (5 and 10 of wall
time), so that the bench ends in minutes; what they found by then is compared. Neither
breaks ties, and each proves to its own tolerance only.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment

from bench._real import environment, row
from quarterdeck.engines.fairness import fair_calendar

SEED = 20260401


def calendar(n: int, m: int, people: int, seed: int, kind: str, rules: bool, room: float) -> dict:
    rng = np.random.default_rng([SEED, seed])
    liked = rng.uniform(0, 1, (n, m))
    if kind == "popular":
        liked = rng.beta(1, 3, m) * rng.uniform(0.5, 1.2, (n, 1)) + rng.normal(0, 0.05, (n, m))
    line = rng.permutation(n).tolist()
    given: dict = {
        "values": np.rint(100 * liked.clip(0, 1)).astype(int).tolist(),
        "owner": rng.permutation([*range(people), *rng.integers(0, people, n - people)]).tolist(),
        "capacity": (rng.random(m) < room).astype(int).tolist(),
        "allowed": (rng.random((n, m)) < 0.7).tolist(),
        "required": [],
        "bundles": [],
        "order": [],
        "conflicts": [],
    }
    if rules:
        given |= {
            "required": line[:1],
            "bundles": [line[1:4], line[4:6]],
            "order": [(line[6], line[7]), (line[7], line[8]), (line[9], line[1])],
            "conflicts": [(s, s + 1, line[: n // 2]) for s in range(m - 1)],
        }
    return given


def _sets() -> dict[str, tuple[list[dict], float, str]]:
    """Problems, the seconds each may take, and what is asked of them."""
    sets = {}
    for kind in ("own", "popular"):
        for rules in (False, True):
            what = f"{kind} slots, {'all rules' if rules else 'no rules'}"
            small = [
                calendar(20, 40, 4 + k % 4, k, kind, rules, (0.5, 0.33)[k % 2 and not rules])
                for k in range(8)
            ]
            sets[f"20 x 40, {what}"] = (small, 10.0, "proved, <= 1 s")
            large = [calendar(60, 120, 6 + 3 * k, 100 + k, kind, rules, 0.5) for k in range(1, 3)]
            sets[f"60 x 120, {what}"] = (large, 20.0, "proved in <= 20 s, or gap <= 0.05")
    return sets


def _ours(given: dict, limit: float) -> tuple[float, float, float, float]:
    """(CPU s, wall s, welfare, gap)."""
    cpu, wall = time.process_time(), time.monotonic()
    plan = fair_calendar(**{k: np.array(v) if k == "allowed" else v for k, v in given.items()}, seconds=limit)
    return time.process_time() - cpu, time.monotonic() - wall, plan.log_welfare, plan.gap


def _peers(asked: list[tuple[dict, float]]) -> dict[str, list]:
    with tempfile.TemporaryDirectory() as scratch:
        given, out = Path(scratch) / "in.json", Path(scratch) / "out.json"
        given.write_text(json.dumps(asked))
        python = environment("fairness", "ortools", "scipy==1.17.1", "numpy==2.4.6")
        subprocess.run([python, Path(__file__).with_name("_fairness_peers.py"), given, out], check=True)
        return json.loads(out.read_text())


def _behind(found: float | None, best: float) -> float:
    return np.inf if found is None else best - found


def _beside() -> list[dict]:
    sets = _sets()
    fair_calendar([[1]], [0], [1])  # imports done before anything is timed
    asked = [(problem, limit) for problems, limit, _ in sets.values() for problem in problems]
    ours = [_ours(problem, limit) for problem, limit in asked]
    theirs, rows, at = _peers([(problem, limit / 2) for problem, limit in asked]), [], 0
    for name, (problems, _, target) in sets.items():
        part = slice(at, at + len(problems))
        at = part.stop
        cpu = np.array([o[0] for o in ours[part]])
        proved = sum(o[3] == 0.0 for o in ours[part])
        said = []
        for peer, answers in (("CP-SAT", theirs["cp"][part]), ("HiGHS", theirs["highs"][part])):
            times = [a[0] for a in answers]
            behind = [_behind(a[1], o[2]) for a, o in zip(answers, ours[part], strict=True)]
            short = sum(b > 1e-5 for b in behind)
            said.append(f"{peer} {np.median(times):.2f} ({max(times):.2f}), {short} less fair")
        fastest = min(np.median([a[0] for a in theirs[peer][part]]) for peer in theirs)
        rows.append(
            row(
                f"fairness: {name}, {len(problems)} problems: CPU s median (largest), proved, largest gap",
                f"{np.median(cpu):.2f} ({cpu.max():.2f}), {proved} of {len(problems)}, "
                f"{max(o[3] for o in ours[part]):.1g}",
                target,
                "; ".join(said),
                f"{np.median(cpu) / fastest:.2f} of the faster",
            )
        )
    return rows


def _limit() -> list[dict]:
    over = []
    for k, seconds in enumerate((0.5, 1.0, 2.0, 4.0)):
        wall = _ours(calendar(60, 120, 12, 200 + k, "own", True, 0.4), seconds)[1]
        over.append(wall / seconds)
    return [
        row(
            "fairness: wall time over the time given, 60 x 120, limits of 0.5 to 4 s, largest",
            f"{max(over):.2f}",
            "<= 1.10",
        )
    ]


def _worked() -> list[dict]:
    """What the rule changes: beside the greatest sum of points, without rules (the assignment problem)."""
    points = [[90, 80, 10], [70, 70, 60], [95, 30, 30], [40, 60, 50]]
    plan = fair_calendar(points, owner=[0, 0, 1, 2], capacity=[1, 1, 1])
    rows = [
        row(
            "fairness: sales (2 requests), people team, press want 3 slots: slot of each request, points of each",
            f"{plan.slot_of.tolist()}, {plan.utility.tolist()}",
            "",
            f"greatest sum: points {_greatest_sum(points, [0, 0, 1, 2], [1, 1, 1], None)}",
        )
    ]
    least, least_sum, nothing, cost = [], [], 0, []
    for k in range(20):
        given = calendar(20, 40, 8, 300 + k, "popular", False, 0.33)
        allowed = np.array(given["allowed"])
        fair = fair_calendar(given["values"], given["owner"], given["capacity"], allowed).utility
        summed = _greatest_sum(given["values"], given["owner"], given["capacity"], allowed)
        least.append(int(fair.min()))
        least_sum.append(min(summed))
        nothing += sum(u == 0 for u in summed)
        cost.append(1 - fair.sum() / sum(summed))
    rows.append(
        row(
            "fairness: 20 scarce calendars, 8 stakeholders: median points of who gets least; sum given up, median",
            f"{np.median(least):.0f}; {np.median(cost):.0%}",
            "",
            f"greatest sum: {np.median(least_sum):.0f}, and {nothing} of 160 get nothing",
        )
    )
    return rows


def _greatest_sum(points: list, owner: list, capacity: list, allowed: np.ndarray | None) -> list[int]:
    """Points per stakeholder in the assignment with the greatest sum (slots of capacity 0 or 1)."""
    worth = np.array(points) * np.array(capacity) * (1 if allowed is None else allowed)
    found = np.zeros(max(owner) + 1, dtype=int)
    for r, s in zip(*linear_sum_assignment(worth, maximize=True), strict=True):
        found[owner[r]] += worth[r, s]
    return found.tolist()


def main() -> list[dict]:
    return [*_worked(), *_beside(), *_limit()]


if __name__ == "__main__":
    for line in main():
        print(line)
