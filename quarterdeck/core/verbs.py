"""Writers are marked. `@verb` is an act of a person or the system: one transaction, at least one ledger
event. `@intake` is a bulk, idempotent write that is no act. There is no third kind; a test walks all.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

from django.db import transaction
from django.db.models import Model

P = ParamSpec("P")
R = TypeVar("R")
Row = TypeVar("Row", bound=Model)

VERBS: dict[str, Callable[..., object]] = {}
INTAKES: dict[str, Callable[..., object]] = {}

_recorded: ContextVar[int] = ContextVar("quarterdeck_recorded", default=0)


class NothingRecorded(RuntimeError):
    """A verb changed the world and left no trace in the ledger: its transaction is rolled back."""


def note_recorded(count: int = 1) -> None:
    """Called by the ledger for each event written, so that a verb knows it left a trace."""
    _recorded.set(_recorded.get() + count)


def verb(function: Callable[P, R]) -> Callable[P, R]:
    """Run in one transaction and insist on at least one ledger event. Verbs may call verbs."""
    name = f"{function.__module__}.{function.__qualname__}"

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        before = _recorded.get()
        with transaction.atomic():
            result = function(*args, **kwargs)
            if _recorded.get() == before:
                raise NothingRecorded(f"{name} recorded no event; nothing was changed.")
        return result

    run.is_verb = True  # type: ignore[attr-defined]
    VERBS[name] = run
    return run


def intake(function: Callable[P, R]) -> Callable[P, R]:
    """Run in one transaction; no event each. Must be idempotent: the same call twice changes nothing more."""
    name = f"{function.__module__}.{function.__qualname__}"

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction.atomic():
            return function(*args, **kwargs)

    run.is_intake = True  # type: ignore[attr-defined]
    INTAKES[name] = run
    return run


def locked(model: type[Row], pk: Any, *with_: str) -> Row:
    """The row, locked until the transaction ends, with what it refers to by these names."""
    return model._default_manager.select_for_update(of=("self",)).select_related(*with_).get(pk=pk)
