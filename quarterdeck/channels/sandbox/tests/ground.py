"""The Sandbox for the contract suite: it needs no fake, because it is one of ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from quarterdeck.channels.contract import Account
from quarterdeck.channels.sandbox.adapter import SandboxAdapter
from quarterdeck.channels.sandbox.models import SandboxAccount, SandboxPost
from quarterdeck.channels.tests.contract_suite import Beside, Ground
from quarterdeck.core import clock


@contextmanager
def _sandbox() -> Iterator[Ground]:
    SandboxAccount.objects.create(handle="harbour", name="Harbour", created_at=clock.now())
    yield Ground(
        SandboxAdapter(Account("harbour")),
        lambda: list(
            SandboxPost.objects.filter(taken_down_at=None)
            .order_by("posted_at", "id")
            .values_list("text", flat=True)
        ),
        lambda: Beside(len(SandboxPost.objects.latest("posted_at", "id").images)),
    )


GROUNDS = {"sandbox": _sandbox}
