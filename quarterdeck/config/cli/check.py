"""`quarterdeck check`: what this installation needs, looked at one by one and said in words."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

GOOD, CARE, BAD = "good", "care", "bad"
Finding = tuple[str, str]

_SPACE_CARE, _SPACE_BAD = 2_000_000_000, 300_000_000  # bytes free
_CLOCK_CARE = 5.0  # seconds between this machine's clock and the database's


def add_arguments(parser: argparse.ArgumentParser) -> None:
    pass


def run(args: argparse.Namespace) -> int:
    from quarterdeck.config.cli import database, refusal

    worst = 0
    for look in (_python, _data, _public_url, _keys):
        worst = max(worst, _show(look))
    try:
        with database.reached("check"):
            for look in (_database, _clock, _state, _bucket):
                worst = max(worst, _show(look))
    except Exception as error:
        sentence = refusal.words(error)
        if sentence is None:
            raise
        print(f"{BAD:<5} {sentence}")
        worst = 2
    print(
        "Everything is in order."
        if worst == 0
        else "Some of this needs care."
        if worst == 1
        else "This cannot run."
    )
    return 0 if worst < 2 else 2


def _show(look: Callable[[], Iterator[Finding]]) -> int:
    from quarterdeck.config.cli import refusal

    worst = 0
    try:
        for grade, sentence in look():
            print(f"{grade:<5} {sentence}")
            worst = max(worst, (GOOD, CARE, BAD).index(grade))
    except Exception as error:
        words = refusal.words(error)
        if words is None:
            raise
        print(f"{BAD:<5} {words}")
        worst = 2
    return worst


def _python() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield (GOOD if sys.version_info >= (3, 11) else BAD, f"Python {version} (3.11 or newer is needed).")


def _data() -> Iterator[Finding]:
    from quarterdeck.core import datadir, env

    data = env.data_dir()
    if closed := datadir.ensure(data):
        yield CARE, closed
    yield GOOD, f"The data directory {data} can be written."
    free = shutil.disk_usage(data).free
    grade = BAD if free < _SPACE_BAD else CARE if free < _SPACE_CARE else GOOD
    yield (
        grade,
        f"{free / 1e9:.1f} GB are free on its disk"
        + ("." if grade == GOOD else "; the database stops when it is full. Free some space."),
    )


def _public_url() -> Iterator[Finding]:
    from quarterdeck.core import env

    url = env.public_url()
    if not url:
        yield GOOD, "No public address is set: Quarterdeck is for this machine only."
        return
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        yield BAD, f"The public address “{url}” should look like https://quarterdeck.example.org."
    elif parts.scheme != "https":
        yield CARE, f"The public address {url} is not encrypted: passwords can be read on the way. Use https."
    else:
        yield GOOD, f"The public address is {url}."


def _keys() -> Iterator[Finding]:
    from quarterdeck.core import env, secrets

    path = env.keys_dir() / secrets.KEY_FILE
    if not path.exists():
        yield CARE, f"There is no key file yet at {path}; the first start makes it."
        return
    secrets.installation_key()
    yield GOOD, f"The key file {path} is there, and private."


def _database() -> Iterator[Finding]:
    import os

    from quarterdeck.core.postgres import external as postgres_external

    url = os.environ["DATABASE_URL"]
    yield (
        GOOD,
        f"The database {postgres_external.place(url)} answers; it is PostgreSQL {postgres_external.major(url)}.",
    )


def _clock() -> Iterator[Finding]:
    import os

    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=5) as connection:
        row = connection.execute("SELECT clock_timestamp()").fetchone()
    assert row is not None
    apart = abs((datetime.now(UTC) - row[0]).total_seconds())
    if apart > _CLOCK_CARE:
        yield (
            CARE,
            f"The clocks of this machine and of the database are {apart:.0f} seconds apart. Set both by NTP.",
        )
    else:
        yield GOOD, "The clocks of this machine and of the database agree."


def _state() -> Iterator[Finding]:
    """Only looks: nothing is migrated, and no key is made where there is none."""
    from quarterdeck.config.cli import database, migrate
    from quarterdeck.core import env, secrets
    from quarterdeck.core.backup import database as backup_database

    if backup_database.count_tables(env.get("DATABASE_URL")) == 0:
        yield GOOD, "The database is empty; the first start fills it."
        return
    if not (env.keys_dir() / secrets.KEY_FILE).exists():
        yield BAD, f"The database holds data, and its key file is missing. Put it back into {env.keys_dir()}."
        return
    database.set_up()
    steps = migrate.steps_missing()
    yield GOOD, "The key file belongs to this data."
    if steps:
        yield CARE, f"The database is {steps} steps behind this version; the next start brings it forward."
        return
    from quarterdeck.core import backup

    words = backup.health()
    yield (CARE, words) if words else (GOOD, "Backups are made and were tried out.")
    from quarterdeck.ledger import reads

    stopped = reads.stopped_logs()
    for log in stopped:
        yield CARE, log.stopped_because
    if not stopped:
        yield GOOD, "The ledger’s checkpoints are signed."


def _bucket() -> Iterator[Finding]:
    """Only where the database is ready: it knows whether files lie in a bucket."""
    from quarterdeck.config.cli import migrate
    from quarterdeck.core import env
    from quarterdeck.core.backup import database as backup_database
    from quarterdeck.studio.models import File
    from quarterdeck.studio.storage import Unreachable, bucket

    ready = backup_database.count_tables(env.get("DATABASE_URL")) and not migrate.steps_missing()
    there = File.objects.filter(in_bucket=True).count() if ready else 0
    if not bucket.is_configured():
        if there:
            yield BAD, f"{there:,} files lie in a bucket, and QUARTERDECK_S3_BUCKET names none. Set it again."
        return
    try:
        bucket.Bucket().probe()
    except Unreachable as why:
        yield BAD, f"{why.title} {why.next_step}"
    else:
        waiting = File.objects.filter(in_bucket=False).count() if ready else 0
        yield (
            GOOD,
            f"The bucket {bucket.where()} can be written, read and emptied; {waiting:,} files wait to move.",
        )
