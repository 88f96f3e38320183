"""A fake network for the violence tests: it keeps what stands there, and each of its calls ends as it was told.

Faults: "lost before" (the call never arrived), "lost after" (done, and no answer), "busy", "refused", "late" (no
answer; it is done when the next call has been), and deaths of the caller: "dies at the gate", "dies at the first byte"
(it is done all the same). Anything it does not expect fails the test.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from typing import ClassVar

from quarterdeck.channels.contract import Gate, Json, Published, Refused, Unclear
from quarterdeck.channels.sandbox.adapter import SandboxAdapter


class Dead(BaseException):
    """The worker died here."""


class FakeEditingAdapter(SandboxAdapter):
    """The Sandbox's limits and bodies with a network of its own, kept in `stands` by remote id."""

    stands: ClassVar[dict[str, str]] = {}
    applied: ClassVar[list[tuple[str, str]]] = []  # every time that what stands there became another
    calls: ClassVar[list[tuple[str, str]]] = []  # every call whose first byte left
    faults: ClassVar[list[str]] = []
    waiting: ClassVar[list[Callable[[], None]]] = []
    before: ClassVar[
        list[Callable[[], None]]
    ] = []  # what happens after the connection stands, before the gate
    inside: ClassVar[list[Callable[[], None]]] = []  # what happens while the first bytes leave

    @classmethod
    def reset(cls) -> None:
        for kept in (cls.stands, cls.applied, cls.calls, cls.faults, cls.waiting, cls.before, cls.inside):
            kept.clear()

    def edit(self, published: Published, body: Mapping[str, Json], *, gate: Gate) -> Published:
        assert body.keys() == {"text", "images"}, body
        self._do(published.remote_id, body["text"], gate)
        return published

    def delete(self, published: Published) -> None:
        self._do(published.remote_id, "", contextlib.nullcontext)

    def _do(self, remote_id: str, text: str, gate: Gate) -> None:
        fault = self.faults.pop(0) if self.faults else ""
        for step in self.before:
            step()
        with gate():
            if fault == "dies at the gate":
                raise Dead
            self.calls.append((remote_id, text))
            for step in self.inside:
                step()
        if fault == "busy":
            raise Refused("The fake network is busy.", transient=True)
        if fault == "refused":
            raise Refused("The fake network does not take this.")
        if fault == "late":
            self.waiting.append(lambda: self._apply(remote_id, text))
        elif fault != "lost before":
            self._apply(remote_id, text)
        if fault.startswith("dies"):
            raise Dead
        if fault in {"lost before", "lost after", "late"}:
            raise Unclear("The line to the fake network broke.")
        while self.waiting:
            self.waiting.pop()()

    @classmethod
    def _apply(cls, remote_id: str, text: str) -> None:
        if cls.stands.get(remote_id) != text:
            cls.stands[remote_id] = text
            cls.applied.append((remote_id, text))
