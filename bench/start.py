"""How long `quarterdeck up` takes to its first page on a warm start, and what it then keeps in memory (PSS)."""

from __future__ import annotations

import statistics
import time

from tests.running import House, pss


def main() -> list[dict]:
    house = House()
    try:
        house.up()
        cold, warm = house.seconds, []
        for _ in range(4):
            house.stop()
            house.up()
            warm.append(house.seconds)
        time.sleep(20)
        memory = pss(house.processes()) / 2**20
    finally:
        house.end()
    return [
        {"claim": "first start to first page (wall)", "figure": f"{cold:.1f} s"},
        {
            "claim": "warm start to first page (wall, median of 4)",
            "figure": f"{statistics.median(warm):.1f} s",
            "target": "<= 8 s",
        },
        {"claim": "idle memory, all processes (PSS)", "figure": f"{memory:.0f} MB", "target": "<= 400 MB"},
    ]
