"""Key results and what they stand at. A number is noted with the day it was true on; a mistyped one is taken back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from quarterdeck import ledger, live
from quarterdeck.core import clock, ids
from quarterdeck.core.lines import NOT_KEPT, kept_line, needed
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.core.verbs import locked, verb
from quarterdeck.crew.models import Member
from quarterdeck.strategy import reads
from quarterdeck.strategy.models import CheckIn, KeyResult, Objective
from quarterdeck.strategy.models.objectives import MEASURE_LENGTH, UNIT_LENGTH, WORD_LENGTH
from quarterdeck.strategy.pace import plain
from quarterdeck.strategy.rows import number, span

MOST = 8  # of one objective
MOST_CHECK_INS = 500  # of one key result


@verb
def add_key_result(
    objective: Objective,
    *,
    by: Member,
    measure: str,
    start: Decimal,
    target: Decimal,
    unit: str = "",
    begins: date | None = None,
    ends: date | None = None,
) -> KeyResult:
    """Say by which number one would see it, from where to where; its days are the objective's where none are given.
    Raises Invalid with its fields, Conflict for a ninth or for an objective that was read out."""
    objective = _running(objective)
    if objective.key_results.filter(dropped_at__isnull=True).count() >= MOST:
        raise Conflict(
            f"An objective has at most {MOST} key results.",
            not_done=NOT_KEPT,
            next_step="Drop one that says least.",
        )
    measure = needed(measure, "measure", MEASURE_LENGTH, "Please say what is measured.")
    unit = kept_line(unit, "unit", UNIT_LENGTH)
    start, target = number(start, "start"), number(target, "target")
    _check_way(start, target)
    begins, ends = span(begins or objective.begins, ends or objective.ends, least=1)
    if begins < objective.begins or ends > objective.ends:
        raise Invalid(
            "Its days lie outside those of the objective.",
            not_done=NOT_KEPT,
            fields={"ends": f"Please stay within {objective.begins} and {objective.ends}."},
        )
    event_id = ids.new()
    made = KeyResult.objects.create(
        objective=objective,
        measure=measure,
        unit=unit,
        start=start,
        first_target=target,
        target=target,
        begins=begins,
        ends=ends,
        made_at=clock.now(),
        ledger_event_id=event_id,
    )
    fields = {
        "measure": measure,
        "unit": unit,
        "start": plain(start),
        "target": plain(target),
        "objective": str(objective.pk),
        "begins": begins.isoformat(),
        "ends": ends.isoformat(),
    }
    ledger.record("strategy.key_result.made", actor=by, about=made, fields=fields, event_id=event_id)
    _tell(by, objective)
    return made


@verb
def retarget(key_result: KeyResult, *, by: Member, target: Decimal, reason: str) -> KeyResult:
    """Give it another target and say why; the one it was made for stays beside it."""
    key_result = _measured(key_result)
    reason = needed(reason, "reason", WORD_LENGTH, "Please say why the target changes.")
    target = number(target, "target")
    if target == key_result.target:
        raise Invalid(
            "That is its target already.",
            not_done=NOT_KEPT,
            fields={"target": "Please give another number."},
        )
    _check_way(key_result.start, target)
    before, key_result.target, key_result.ledger_event_id = key_result.target, target, ids.new()
    key_result.save(update_fields=["target", "ledger_event_id"])
    fields = {"before": plain(before), "after": plain(target), "reason": reason}
    event_id = key_result.ledger_event_id
    kind = "strategy.key_result.retargeted"
    ledger.record(kind, actor=by, about=key_result, fields=fields, event_id=event_id)
    _tell(by, key_result.objective)
    return key_result


@verb
def drop_key_result(key_result: KeyResult, *, by: Member, reason: str) -> KeyResult:
    """Measure it no more, and say why. It stays readable with its values."""
    key_result = _measured(key_result)
    key_result.dropped_because = needed(reason, "reason", WORD_LENGTH, "Please say why it is dropped.")
    key_result.dropped_at, key_result.ledger_event_id = clock.now(), ids.new()
    key_result.save(update_fields=["dropped_because", "dropped_at", "ledger_event_id"])
    fields, event_id = {"reason": key_result.dropped_because}, key_result.ledger_event_id
    ledger.record("strategy.key_result.dropped", actor=by, about=key_result, fields=fields, event_id=event_id)
    _tell(by, key_result.objective)
    return key_result


@verb
def check_in(
    key_result: KeyResult, *, by: Member, value: Decimal, as_of: date | None = None, word: str = ""
) -> CheckIn:
    """Note what it stands at, today or on an earlier day of it. Raises Invalid for a day to come or before it began."""
    key_result = _measured(key_result)
    today = reads.today(by.workspace)
    as_of = as_of or today
    if not key_result.begins <= as_of <= today:
        raise Invalid(
            "A value is noted for a day that is past, and not before it began.",
            not_done=NOT_KEPT,
            fields={"as_of": f"Please choose a day from {key_result.begins} to today."},
        )
    value = number(value, "value")
    word = kept_line(word, "word", WORD_LENGTH)
    if key_result.check_ins.count() >= MOST_CHECK_INS:
        raise Conflict(f"{MOST_CHECK_INS} values were noted already.", not_done=NOT_KEPT)
    event_id = ids.new()
    noted = CheckIn.objects.create(
        key_result=key_result,
        value=value,
        as_of=as_of,
        word=word,
        noted_at=clock.now(),
        ledger_event_id=event_id,
    )
    fields = {"value": plain(value), "as_of": as_of.isoformat(), "note": word}
    kind = "strategy.key_result.checked_in"
    ledger.record(kind, actor=by, about=key_result, fields=fields, event_id=event_id)
    _tell(by, key_result.objective)
    return noted


@verb
def withdraw_check_in(noted: CheckIn, *, by: Member) -> CheckIn:
    """Take back a value that was wrong. It stays readable as taken back, and the one before counts again."""
    noted = locked(CheckIn, noted.pk, "key_result__objective")
    if not noted.key_result.objective.runs:
        raise Conflict("This objective was read out; its values stay as they were.")
    if noted.withdrawn_at is not None:
        raise Conflict("It was taken back already.")
    noted.withdrawn_at, noted.ledger_event_id = clock.now(), ids.new()
    noted.save(update_fields=["withdrawn_at", "ledger_event_id"])
    fields = {"value": plain(noted.value), "as_of": noted.as_of.isoformat()}
    kind, event_id = "strategy.key_result.check_in_withdrawn", noted.ledger_event_id
    ledger.record(kind, actor=by, about=noted.key_result, fields=fields, event_id=event_id)
    _tell(by, noted.key_result.objective)
    return noted


def _running(objective: Objective) -> Objective:
    objective = locked(Objective, objective.pk, "workspace")
    if not objective.runs:
        raise Conflict("This objective was read out; it stays as it was.", not_done=NOT_KEPT)
    return objective


def _measured(key_result: KeyResult) -> KeyResult:
    """The row, locked; Conflict once it was dropped or its objective read out."""
    key_result = locked(KeyResult, key_result.pk, "objective__workspace")
    if not key_result.objective.runs:
        raise Conflict("Its objective was read out; it stays as it was.", not_done=NOT_KEPT)
    if key_result.dropped_at is not None:
        raise Conflict("This key result was dropped.", not_done=NOT_KEPT)
    return key_result


def _check_way(start: Decimal, target: Decimal) -> None:
    if start == target:
        raise Invalid(
            "Start and target are the same number.",
            not_done=NOT_KEPT,
            fields={"target": "Please give a target that differs from the start."},
        )


def _tell(by: Member, objective: Objective) -> None:
    """Who looks at the objective sees it come."""
    live.announce(by.workspace_id, [(Objective.ledger_name, str(objective.pk))])
