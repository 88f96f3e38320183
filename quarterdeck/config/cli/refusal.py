"""Expected failures, in words. What is not expected keeps its traceback."""

from __future__ import annotations

import errno
import sys


class Refusal(RuntimeError):
    """A sub-command cannot do what was asked; the words say why and what to do."""


def words(error: BaseException) -> str | None:
    """One sentence for a person, or None when nobody expected this."""
    from quarterdeck.core.datadir import DataProblem
    from quarterdeck.core.postgres.account import ClusterProblem

    expected: list[type[BaseException]] = [Refusal, DataProblem, ClusterProblem]
    backups = sys.modules.get("quarterdeck.core.backup")
    if backups is not None:
        expected.append(backups.BackupProblem)
    keys = sys.modules.get("quarterdeck.core.secrets")
    if keys is not None:
        expected.append(keys.KeyProblem)
    oidc = sys.modules.get("quarterdeck.crew.oidc")
    if oidc is not None:
        expected.append(oidc.OidcProblem)
    if isinstance(error, tuple(expected)):
        return str(error)
    web = sys.modules.get("quarterdeck.config.web")
    if web is not None and isinstance(error, web.CannotListen):
        return str(error)
    problems = sys.modules.get("quarterdeck.core.problems")
    if problems is not None and isinstance(error, problems.Problem):
        return " ".join(part for part in (error.title, error.not_done, error.next_step) if part)
    return _of_database(error) or _of_system(error)


def _of_database(error: BaseException) -> str | None:
    if "psycopg" not in sys.modules:
        return None
    import psycopg

    seen: BaseException | None = error
    while seen is not None:
        said = str(seen)
        if isinstance(seen, psycopg.errors.DiskFull):
            return "The disk that holds the database is full. Nothing was changed. Free some space and try again."
        if isinstance(seen, psycopg.errors.ReadOnlySqlTransaction):
            return "The database can only be read (a standby?). Point DATABASE_URL at the one that can be written."
        if isinstance(seen, psycopg.errors.InsufficientPrivilege):
            return f"The database refuses: {said.splitlines()[0]}. Give the role in DATABASE_URL that right."
        if isinstance(seen, psycopg.OperationalError) or type(seen).__name__ == "PoolTimeout":
            from quarterdeck.core import env
            from quarterdeck.core.postgres.external import place

            where = place(env.get("DATABASE_URL"))
            return f"The database {where} does not answer. See that it runs, and try again."
        seen = seen.__cause__
    return None


def _of_system(error: BaseException) -> str | None:
    if not isinstance(error, OSError):
        return None
    where = error.filename or "a file"
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"The disk is full: {where} could not be written. Free some space and try again."
    if error.errno == errno.EROFS:
        return f"{where} lies on a read-only file system, so it could not be written."
    if error.errno in {errno.EACCES, errno.EPERM} and error.filename:
        return f"{where} cannot be used by this user."
    return None
