"""The calendar with a thousand posts in view and ten thousand in the workspace: server time, CPU and wall.

The posts are made by one verb and then copied as rows, each with a delivery: the question is what reading costs.
The page is asked through Django's test client: all the server does, no network.
"""

from __future__ import annotations

import statistics
from datetime import timedelta

from bench import ground
from bench.desk import _ask

IN_VIEW, IN_ALL = 1000, 10_000
TARGET = "p95 < 300 ms"


def main() -> list[dict]:
    """Rows of claim, figure and target."""
    with ground.house(clock="demo"):
        from importlib import import_module

        from django.conf import settings
        from django.core.management import call_command

        from quarterdeck.core import memory

        call_command("collectstatic", interactive=False, verbosity=0)
        import_module(settings.ROOT_URLCONF)
        memory.settle()  # as the web process does when it has started
        client, slug, day = _workspace()
        rows = []
        for view in ("month", "week", "list"):
            url = f"/w/{slug}/calendar/?view={view}&date={day:%Y-%m-%d}"
            for name, figures in zip(("wall", "CPU"), _ask(client, url), strict=True):
                p50, p95 = statistics.median(figures), statistics.quantiles(figures, n=20)[18]
                claim = f"calendar: {view}, 1,000 posts in view, 10,000 in the workspace, {name}"
                figure = f"p95 {p95:.1f} ms, median {p50:.1f} ms"
                rows.append({"claim": claim, "figure": figure, "target": TARGET})
    return rows


def _workspace():
    """Nine thousand posts over the years before, a thousand in the present week, which is in every view."""
    from django.conf import settings
    from django.db import connection, transaction
    from django.test import Client

    from quarterdeck import ledger
    from quarterdeck.channels import verbs as channels
    from quarterdeck.core import clock
    from quarterdeck.crew import verbs as crew
    from quarterdeck.crew.models import User
    from quarterdeck.publishing import verbs

    owner = User.objects.create_user(name="Bench", timezone="Europe/Berlin")
    member = crew.create_workspace(by=owner, name="Bench", timezone="Europe/Berlin")
    brand = member.workspace.brands.get()
    here = [channels.connect_sandbox(member, brand=brand) for _ in range(1)]
    post = verbs.draft(member, brand=brand, text="Nettle soup from Tuesday, with bread.", channels=here)
    verbs.ask_approval(post, by=member)
    verbs.approve(post, by=member, text_hash=post.text_hash)
    day = clock.now() + timedelta(days=14)
    monday = (day - timedelta(days=day.weekday())).replace(hour=7, minute=0, second=0, microsecond=0)
    verbs.schedule(post, by=member, when=monday.replace(tzinfo=None))
    with transaction.atomic(), connection.cursor() as cursor:
        told = ledger.record(
            "publishing.post.discarded", actor=member, about=post
        )  # what the copied rows name
        _copy(cursor, post, monday, told.event_id)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = Client(headers={"host": "localhost"})
    client.force_login(owner, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client, member.workspace.slug, monday.date()


def _copy(cursor, post, monday, event_id) -> None:
    """The post, its approval, clearance and delivery, ten thousand times over, every fifth not approved."""
    from quarterdeck.publishing.models import Approval, Clearance, Delivery, Post

    for model in (Post, Approval, Clearance, Delivery):
        table = model._meta.db_table
        fresh = {"id": "md5(%s || n::text)::uuid" % repr(f"{table}:")}  # noqa: UP031
        fresh["ledger_event_id"] = f"'{event_id}'::uuid"
        if model is not Post:
            fresh["post_id"] = "md5('publishing_post:' || n::text)::uuid"
        if model is Post:
            fresh["text"] = "'Post ' || n || ': what the harbour kitchen cooks, and why it is worth a walk.'"
        if model is Delivery:
            due = (
                f"CASE WHEN n <= {IN_VIEW} THEN '{monday.isoformat()}'::timestamptz + (n * 5) * interval '1 minute'"
                f" ELSE '{monday.isoformat()}'::timestamptz - interval '60 days' - (n * 2) * interval '1 hour' END"
            )
            fresh |= {"client_key": "'copy-' || n", "due_at": due, "try_at": due}
            fresh["latest_at"] = f"{due} + interval '15 minutes'"
            fresh["state"] = f"CASE WHEN n <= {IN_VIEW} THEN 'intent' ELSE 'accepted' END"
            fresh["ended_at"] = f"CASE WHEN n <= {IN_VIEW} THEN NULL ELSE {due} END"
        names = [field.column for field in model._meta.concrete_fields]
        values = ", ".join(fresh.get(name, f't."{name}"') for name in names)
        columns = ", ".join(f'"{name}"' for name in names)
        where = "WHERE n %% 5 <> 0" if model in {Approval, Clearance} else ""
        source = "t.id = %s" if model is Post else "t.post_id = %s"
        cursor.execute(
            f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} t,"
            f" generate_series(1, {IN_ALL}) n {where or 'WHERE true'} AND {source}",
            [post.pk],
        )


if __name__ == "__main__":
    from bench.__main__ import table

    print(table(main()))
