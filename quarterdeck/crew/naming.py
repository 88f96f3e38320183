"""How what somebody did is told. Who answers for something now, and who is asked, is told by name; what was done is
told by role, so that nobody can follow how a person works; only to the person themself as “you”.

Where role and person are one, as in a small team, the role tells the person all the same: docs/privacy.md says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from quarterdeck.crew.models import Member
from quarterdeck.crew.permissions import Role

_A = {
    Role.OWNER: "an owner",
    Role.LEAD: "a lead",
    Role.AUTHOR: "an author",
    Role.APPROVER: "an approver",
    Role.ANALYST: "an analyst",
    Role.OBSERVER: "an observer",
}


def by_role(member: Member | None, reader: Member | None = None) -> str:
    """ "an approver", "you" to the person themself, "a guest" where no member did it (None)."""
    if member is None:
        return "a guest"
    if reader is not None and member.pk == reader.pk:
        return "you"
    return of_role(member.role)


def of_role(role: str) -> str:
    """ "an approver" for "approver"; a plain word where no such role is known any more."""
    return _A[Role(role)] if role in Role.values else "somebody"


_MANY = {"an owner": "owners", "a guest": "guests", **{_A[r]: f"{r.value}s" for r in Role if r != Role.OWNER}}
_FEW = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}


def together(said: Iterable[str]) -> str:
    """Several told by role, in one breath: "two approvers and a lead"."""
    counted = Counter(said)
    return " and ".join(
        words if many == 1 else f"{_FEW.get(many, many)} {_MANY.get(words, words)}"
        for words, many in counted.items()
    )


def starting(words: str) -> str:
    """The same at the start of a sentence: "An approver"."""
    return words[:1].upper() + words[1:]
