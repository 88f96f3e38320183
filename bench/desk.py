"""The Desk on a generated year of data: server time of the first page, CPU and wall.

The year is made by the same verbs as people use, so that everything lies in the database as in a real workspace,
its ledger entries not yet placed. The page is asked through Django's test client: all the server does, no network.
"""

from __future__ import annotations

import statistics
import time

from bench import ground

ROUNDS, WARM = 200, 10
TARGET = "p95 < 100 ms"


def main() -> list[dict]:
    """Rows of claim, figure and target."""
    with ground.house(clock="demo"):
        from django.core.management import call_command

        call_command("collectstatic", interactive=False, verbosity=0)
        year, client, slug = _year()
        rows = [{"claim": "desk: a year of posts made by the verbs", "figure": year, "target": ""}]
        pages = (("Desk", f"/w/{slug}/", TARGET), ("list of posts", f"/w/{slug}/posts/", ""))
        for claim, url, target in pages:
            for name, figures in zip(("wall", "CPU"), _ask(client, url), strict=True):
                p50, p95 = statistics.median(figures), statistics.quantiles(figures, n=20)[18]
                figure = f"p95 {p95:.1f} ms, median {p50:.1f} ms"
                rows.append(
                    {"claim": f"desk: {claim} on that year, {name}", "figure": figure, "target": target}
                )
    return rows


def _year():
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    from quarterdeck.crew.models import User
    from quarterdeck.desk import demo
    from quarterdeck.publishing.models import Delivery, Post

    owner = User.objects.create_user(name="Bench", timezone="Europe/Berlin")
    began, spent = time.perf_counter(), time.process_time()
    workspace = demo.make(owner, year=True)
    took, spent = time.perf_counter() - began, time.process_time() - spent
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as autovacuum does on its own a minute later
    posts = Post.objects.filter(workspace=workspace).count()
    out = Delivery.objects.filter(workspace=workspace, state="accepted").count()
    client = Client(headers={"host": "localhost"})
    client.force_login(owner, backend=settings.AUTHENTICATION_BACKENDS[0])
    return f"{posts} posts, {out} out, in {took:.0f} s ({spent:.0f} s CPU)", client, workspace.slug


def _ask(client, url: str) -> tuple[list[float], list[float]]:
    """Milliseconds of each request: wall, and this process's CPU."""
    wall, cpu = [], []
    for number in range(WARM + ROUNDS):
        began, spent = time.perf_counter(), time.process_time()
        response = client.get(url)
        took, spent = time.perf_counter() - began, time.process_time() - spent
        if response.status_code != 200:
            raise SystemExit(f"{url} answered {response.status_code}")
        if number >= WARM:
            wall.append(took * 1000)
            cpu.append(spent * 1000)
    return wall, cpu


if __name__ == "__main__":
    from bench.__main__ import table

    print(table(main()))
