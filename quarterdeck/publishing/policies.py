"""What an approval policy means. Pure: rows go in, sentences and decisions come out; no database here.

A policy is a list of steps; a step wants any, or all, of its seats; a seat is a role, a member, a guest, or (where no
policy was written) whoever may approve. A voice counts in every step in which it has a seat. The text is cleared when
every step has what it wants.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from quarterdeck.crew.models import Member
from quarterdeck.crew.permissions import Role

APPROVE = "publishing.post.approve"
MOST_STEPS, MOST_SEATS, MOST_PHRASES, PHRASE_LENGTH = 8, 30, 200, 80
ANY_GUEST = "*"

SeatKind = Literal["role", "member", "guest", "may", "link"]


@dataclass(frozen=True, slots=True)
class Seat:
    """Who may speak: a role's name, a member's id in hexadecimal, a guest's address or "*", the id of a signed link in
    hexadecimal; of "may" nothing."""

    kind: SeatKind
    who: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is needed. `claims`: only for a text with a flagged claim.

    `outside`: another room requires it of people outside the team (`core.registries.Requirement`), for the reason
    `why`; with `first`, nobody of the team is asked before.
    """

    name: str
    how: Literal["any", "all"]
    seats: tuple[Seat, ...]
    claims: bool = False
    outside: bool = False
    first: bool = False
    why: str = ""
    reachable: bool = True


# What holds where no policy was written: somebody who may approve, or a guest who was asked to.
ANYBODY = Step("", "any", (Seat("may"), Seat("guest", ANY_GUEST)))


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for one post. `own`: whether its author's own voice counts; hours count back from the slot."""

    steps: tuple[Step, ...] = (ANYBODY,)
    ordered: bool = False
    own: str = "alone"
    small_edits: bool = False
    phrases: tuple[str, ...] = ()
    claim_labels: frozenset[str] = frozenset()
    deadline_hours: int | None = None
    reminders: tuple[int, ...] = ()
    names: tuple[str, ...] = ()  # of the policies it comes from
    apart: frozenset[str] = (
        frozenset()
    )  # links, in hexadecimal, that speak for others outside and never as any guest

    @property
    def outside(self) -> tuple[Step, ...]:
        """What other rooms require of people outside the team."""
        return tuple(step for step in self.steps if step.outside)

    @property
    def unwritten(self) -> bool:
        """Nobody wrote a rule that holds here."""
        return not self.names and not self.outside


@dataclass(frozen=True, slots=True)
class Voice:
    """One approval of the present text: by a member, or (member None) by a guest at an address, who came by a link (its
    id in hexadecimal). `apart` as in `Rules`."""

    member: Member | None
    address: str = ""
    name: str = ""
    link: str = ""
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Crew:
    """The members of a workspace as rules need them: those present, and those who left by id."""

    present: tuple[Member, ...]
    everybody: dict[str, Member]
    stand_ins: dict[str, tuple[Member, ...]]  # by the id in hexadecimal of whom they stand in for

    @classmethod
    def of(cls, members: Iterable[Member]) -> Crew:
        everybody = {member.pk.hex: member for member in members}
        present = tuple(member for member in everybody.values() if member.left_at is None)
        stands = {key: _stand_ins(member, present) for key, member in everybody.items()}
        return cls(present, everybody, stands)


def _stand_ins(member: Member, present: Sequence[Member]) -> tuple[Member, ...]:
    """Who may act for a member: whom they named; when they have left and named nobody here, the leads."""
    others = [other for other in present if other.pk != member.pk and other.may(APPROVE)]
    named = tuple(other for other in others if other.pk == member.stand_in_id)
    if named or member.left_at is None:
        return named
    return tuple(other for other in others if other.role in {Role.OWNER, Role.LEAD})


@dataclass(frozen=True, slots=True)
class StepState:
    """How one step stands. `missing` are the seats that still have to speak, in words; `trouble` is what is wrong with
    the step itself, `blocked` that it cannot be completed as it is."""

    step: Step
    state: Literal["done", "open", "waits"]
    by: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    trouble: tuple[str, ...] = ()
    blocked: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How the approval of one text stands."""

    rules: Rules
    steps: tuple[StepState, ...]
    crew: Crew = field(repr=False, default=Crew((), {}, {}))

    @property
    def complete(self) -> bool:
        return all(step.state == "done" for step in self.steps)

    @property
    def open(self) -> list[StepState]:
        return [step for step in self.steps if step.state == "open"]

    @property
    def blocked(self) -> bool:
        """Whether the team itself has to mend a rule or find somebody, since nobody can take a seat."""
        return any(one.blocked and one.state != "done" for one in self.steps if not one.step.outside)


# --- from policies to rules -------------------------------------------------------------------------


def rules_of(policies: Sequence[Any]) -> Rules:
    """The rules that these policies (of one kind of place) make together: all their steps, the stricter of all else."""
    if not policies:
        return Rules()
    hours = [policy.deadline_hours for policy in policies if policy.deadline_hours is not None]
    owns = {policy.own for policy in policies}
    return Rules(
        steps=tuple(step for policy in policies for step in steps_of(policy.steps)) or (ANYBODY,),
        ordered=any(policy.ordered for policy in policies),
        own=next(own for own in ("never", "alone", "allowed") if own in owns),
        small_edits=all(policy.small_edits for policy in policies),
        phrases=tuple(dict.fromkeys(phrase for policy in policies for phrase in policy.phrases)),
        claim_labels=frozenset(label for policy in policies for label in policy.claim_labels),
        deadline_hours=max(hours) if hours else None,
        reminders=tuple(sorted({hour for policy in policies for hour in policy.reminders}, reverse=True)),
        names=tuple(policy.name for policy in policies),
    )


def steps_of(kept: Sequence[dict]) -> list[Step]:
    """Steps as a policy's row keeps them."""
    return [
        Step(one["name"], one["how"], tuple(Seat(*seat) for seat in one["seats"]), one["claims"])
        for one in kept
    ]


def kept(steps: Sequence[Step]) -> list[dict]:
    """The same the other way round."""
    return [
        {
            "name": step.name,
            "how": step.how,
            "claims": step.claims,
            "seats": [[seat.kind, seat.who] for seat in step.seats],
        }
        for step in steps
    ]


def flagged(rules: Rules, text: str, labels: Iterable[str]) -> list[str]:
    """The phrases of a text that make it one with a claim, or the word "label" when a label says so."""
    flat = " ".join(text.casefold().split())
    found = [phrase for phrase in rules.phrases if " ".join(phrase.casefold().split()) in flat]
    return found or (["label"] if rules.claim_labels & set(labels) else [])


def without_claims(rules: Rules) -> Rules:
    """The rules for a text without a flagged claim. A policy of nothing but such steps asks for anybody then."""
    steps = tuple(step for step in rules.steps if not step.claims)
    return replace(rules, steps=steps or (ANYBODY,))


# --- how a text stands ------------------------------------------------------------------------------


def progress(rules: Rules, voices: Sequence[Voice], crew: Crew, author: Member) -> Progress:
    """How the approval of a text by `author` stands. What a voice may not count for was refused when it was given;
    the author's own counts only where the rules say so."""
    counted = [v for v in voices if v.member is None or v.member.pk != author.pk or _own(rules, crew, author)]
    counted = [replace(v, apart=True) if v.link and v.link in rules.apart else v for v in counted]
    states, waits = [], False
    for step in rules.steps:
        state = _state(step, counted, crew, None if _own(rules, crew, author) else author)
        if waits and state.state == "open" and not step.outside:
            state = replace(state, state="waits")
        comes_first = step.first if step.outside else rules.ordered
        waits = waits or (comes_first and state.state != "done")
        states.append(state)
    return Progress(rules, tuple(states), crew)


def _own(rules: Rules, crew: Crew, author: Member) -> bool:
    """Whether the author's own voice counts."""
    alone = all(member.pk == author.pk for member in crew.present)
    return rules.own == "allowed" or (rules.own == "alone" and alone)


def may_speak(found: Progress, who: Member, author: Member) -> bool:
    """Whether this member may approve, and their voice would count in a step that is open now. A policy that names
    somebody gives them no right that their role does not have (any more)."""
    if not who.may(APPROVE):
        return False
    if who.pk == author.pk and not _own(found.rules, found.crew, author):
        return False
    return any(
        _has_seat(seat, Voice(who), found.crew)
        for state in found.open
        for seat in _unspoken(state, found.crew)
    )


def is_asked(found: Progress, who: Member, author: Member) -> bool:
    """Whether this member is the one to turn to: by a seat of their own, or for somebody who cannot act. Who stands in
    for a colleague who is here may speak too, but is not asked before a reminder."""
    return may_speak(found, who, author) and any(
        _has_seat(seat, Voice(who), found.crew) and _is_own(seat, who, found.crew, author)
        for state in found.open
        for seat in _unspoken(state, found.crew)
    )


def _is_own(seat: Seat, who: Member, crew: Crew, author: Member) -> bool:
    if seat.kind != "member" or seat.who == who.pk.hex:
        return True
    named = crew.everybody.get(seat.who)
    return named is None or not named.may(APPROVE) or named.pk == author.pk


def guest_may_speak(found: Progress, address: str, link: str = "") -> bool:
    """The same of a guest at an address (or at none), who came by a link (its id in hexadecimal)."""
    voice = Voice(None, address, link=link, apart=link in found.rules.apart)
    return any(_has_seat(seat, voice, found.crew) for state in found.open for seat in state.step.seats)


def wants_guests(found: Progress) -> bool:
    """Whether a step that is open now cannot be completed without somebody outside whom the team has to ask. Those whom
    another room requires, it asks itself."""
    return any(
        all(seat.kind == "guest" for seat in _unspoken(state, found.crew))
        or (state.step.how == "all" and any(s.kind == "guest" for s in _unspoken(state, found.crew)))
        for state in found.open
        if not state.step.outside
    )


def names_guest(rules: Rules, address: str) -> bool:
    """Whether a policy itself names this guest, so that anybody may ask them."""
    seats = (seat for step in rules.steps for seat in step.seats if step is not ANYBODY)
    return any(_has_seat(seat, Voice(None, address), Crew((), {}, {})) for seat in seats)


def _unspoken(state: StepState, crew: Crew) -> Iterable[Seat]:
    return [
        seat for seat in state.step.seats if state.step.how == "any" or _seat(seat, crew) in state.missing
    ]


def _has_seat(seat: Seat, voice: Voice, crew: Crew) -> bool:
    who = voice.member
    if who is None:
        if seat.kind == "link":
            return seat.who == voice.link
        named = not voice.apart and seat.who == ANY_GUEST or seat.who == voice.address.casefold()
        return seat.kind == "guest" and named
    if seat.kind == "role":
        return who.role == seat.who
    if seat.kind == "member":
        return who.pk.hex == seat.who or any(other.pk == who.pk for other in crew.stand_ins.get(seat.who, ()))
    return seat.kind == "may" and (who.may(APPROVE) or who.left_at is not None)


def state_without_voices(step: Step, crew: Crew) -> StepState:
    """How a step stands before anybody spoke: what is wrong with it ahead of time."""
    return _state(step, [], crew, None)


def _state(step: Step, voices: Sequence[Voice], crew: Crew, not_by: Member | None) -> StepState:
    spoken = {seat: [v for v in voices if _has_seat(seat, v, crew)] for seat in step.seats}
    by = tuple(voice.name for voice in voices if any(voice in heard for heard in spoken.values()))
    enough = any(spoken.values()) if step.how == "any" else all(spoken.values())
    if enough:
        return StepState(step, "done", by)
    if step.outside:
        trouble = () if step.reachable else (f"Nobody of {step.name} can be reached.",)
        return StepState(step, "open", by, (step.name,), trouble, blocked=not step.reachable)
    silent = [seat for seat, heard in spoken.items() if not heard]
    found = [(seat, _fault(seat, crew, not_by)) for seat in silent]
    hopeless = {seat for seat, (_, nobody) in found if nobody}
    # That any guest could speak mends nothing by itself: somebody has to be asked first.
    counted = [seat for seat in step.seats if seat.who != ANY_GUEST] or list(step.seats)
    blocked = hopeless.issuperset(counted) if step.how == "any" else bool(hopeless)
    trouble = tuple(words for _, (words, _) in found if words)
    return StepState(step, "open", by, tuple(_seat(seat, crew) for seat in silent), trouble, blocked)


def _fault(seat: Seat, crew: Crew, not_by: Member | None) -> tuple[str, bool]:
    """What is wrong with a seat in a sentence, and whether nobody can take it."""
    able = [m for m in crew.present if m.may(APPROVE) and (not_by is None or m.pk != not_by.pk)]
    if seat.kind == "may":
        return "", not able
    if seat.kind == "role":
        nobody = not any(member.role == seat.who for member in able)
        return (f"Nobody else here is {seat.who}." if nobody else ""), nobody
    if seat.kind == "guest":
        return "", False
    member = crew.everybody.get(seat.who)
    if member is None:
        return "Somebody it names is not known here any more.", True
    if member in able:
        return "", False
    stands = [other for other in crew.stand_ins.get(seat.who, ()) if other in able]
    if not_by is not None and member.pk == not_by.pk:
        why = f"{member} wrote it"
    elif member.left_at is not None:
        why = f"{member} has left"
    else:
        why = f"{member} may not approve in the role of {member.get_role_display().lower()}"
    if stands:
        return f"{why}; {' or '.join(str(other) for other in stands)} may act instead.", False
    return f"{why}, and nobody stands in.", True


# --- in words ---------------------------------------------------------------------------------------


def _seat(seat: Seat, crew: Crew) -> str:
    """Who a seat is, in words."""
    if seat.kind == "may":
        return "a colleague"
    if seat.kind == "role":
        return f"a{'n' if seat.who[0] in 'aeio' else ''} {seat.who}"
    if seat.kind == "guest":
        return "a guest" if seat.who == ANY_GUEST else seat.who
    return str(crew.everybody.get(seat.who) or "somebody who is gone")


def in_words(step: Step, crew: Crew) -> str:
    """ "Bea or a lead", "Bea and boss@example.org": what a step asks for."""
    if step.outside:
        return f"somebody of {step.name}"
    if step is ANYBODY or step.seats == ANYBODY.seats:
        return "a colleague who may approve, or a guest who was asked to"
    joint = " or " if step.how == "any" else " and "
    return joint.join(_seat(seat, crew) for seat in step.seats)


def waited_for(found: Progress) -> str:
    """Who has to speak now, for a sentence: "Bea", "a lead or boss@example.org, and Cay"."""
    told = []
    for state in found.open:
        joint = " or " if state.step.how == "any" else " and "
        told.append("a colleague" if state.step is ANYBODY else joint.join(state.missing))
    return ", and ".join(told)
