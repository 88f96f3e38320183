"""From a row of cells to a draft, or to the reasons why not, in words. Reads the database only through `World`, which
is asked once for a chunk of rows.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from quarterdeck.channels.contract import Content
from quarterdeck.channels.models import Channel
from quarterdeck.core.lines import is_line
from quarterdeck.core.problems import Invalid
from quarterdeck.core.registries import Proposed
from quarterdeck.crew.models import Brand
from quarterdeck.exchange import days
from quarterdeck.exchange.asking import Answers
from quarterdeck.exchange.columns import MANY
from quarterdeck.exchange.models import Row
from quarterdeck.exchange.world import Existing, World
from quarterdeck.publishing import objections, phrases, slots
from quarterdeck.publishing.cleaning import clean_language, clean_text
from quarterdeck.publishing.slots import Slot
from quarterdeck.publishing.verbs.drafts import Draft

_PARTS = re.compile(r"\s*(?:[,;|\n/&+]|\band\b|\bund\b|\bet\b)\s*", re.IGNORECASE)
_LISTED = re.compile(r"\s*[,;|\n]\s*")
_ADDRESSES = re.compile(r"[\s,;|]+(?=https?://)|[\n;|]+")
_LANGUAGES = {"english": "en", "german": "de", "deutsch": "de", "french": "fr", "français": "fr", "spanish": "es"} | {
    "español": "es", "italian": "it", "italiano": "it", "dutch": "nl", "nederlands": "nl", "portuguese": "pt"
}  # fmt: skip
_TAG = re.compile(r"<(?:br\s*/?|/p|/div|/li)>|<[a-z/][^>]*>", re.IGNORECASE)
_WHENS = {"date": ("a day or a time", "2026-03-10 11:30"), "time": ("a time of day", "11:30")}
_MOST_LABELS = 20
_LABEL = 40
_EXTRA = 2_000


@dataclass(slots=True)
class Judged:
    """`draft` when the row is good; else `reasons`. `warnings` are for a draft that is not all the row said."""

    row: Row
    draft: Draft | None = None
    label_names: list[str] = field(default_factory=list)
    reasons: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)
    mark: str = ""
    empty: bool = False

    def no(self, meaning: str, words: str, **more: Any) -> None:
        self.draft = None
        self.reasons.append({"meaning": meaning, "words": words, **more})


def judge(rows: Sequence[Row], answers: Answers, world: World) -> list[Judged]:
    """Each row, in order. What an earlier row of the file says already, a later one is told of."""
    told = [_given(row, answers) for row in rows]
    texts = [text_of(given, answers) for given in told]
    world.learn(texts)
    judged = [_one(*one, answers, world) for one in zip(rows, told, texts, strict=True)]
    _check_times(judged, world)
    for one in judged:
        if one.draft is not None:
            _check_twins(one, one.draft, world)
    return judged


def _one(row: Row, given: dict[str, str], text: str, answers: Answers, world: World) -> Judged:
    """What the row says by itself; its draft is one for as long as nothing else speaks against it."""
    found = Judged(row)
    unread = {answers.meanings[i] for i in row.unread if i < len(answers.meanings) and answers.meanings[i]}
    if not any(given.values()) and not unread:
        found.empty = True
        return found
    for meaning in sorted(unread):
        found.no(
            meaning,
            "A formula here has no value. Open the file in a spreadsheet and save it, or write the value.",
        )
    brand = _brand(found, given.get("brand", ""), answers, world)
    channels = _channels(found, given.get("channels", ""), brand, answers, world)
    brand = brand or _brand_of(channels) or world.brands_by_id.get(answers.brand)
    language = _language(found, given.get("language", ""), answers)
    _check_text(found, text, given, channels, language, world)
    slot = None if "date" in unread or "time" in unread else _slot(found, given, channels, answers, world)
    found.label_names = _labels(found, given.get("labels", ""))
    _extra(found, given)
    if brand is None:
        found.no("brand", "There is no brand for it. Choose one for rows that name none.")
    if not found.reasons and brand is not None:
        if slot is not None and found.extra.get("pictures"):
            slot = None  # it would go out without its picture
            found.warnings.append("Its time was not planned, because a picture is still to be brought.")
        found.mark = _mark(text, channels, slot)
        found.draft = Draft(brand, text, channels, world.labels_of(found.label_names), slot, language)
    return found


def _check_times(judged: Sequence[Judged], world: World) -> None:
    """What speaks against the times they are to be planned for: a fault where somebody forbids one, else a warning."""
    planned = [(one, one.draft) for one in judged if one.draft is not None and one.draft.slot is not None]
    proposed = [
        Proposed(
            world.workspace.pk,
            draft.slot.due_at,
            draft.brand.pk,
            draft.channels,
            frozenset(label.pk for label in draft.labels),
        )
        for _, draft in planned
        if draft.slot is not None
    ]
    for (one, _), said in zip(planned, objections.to_each(proposed), strict=True):
        if words := objections.forbidden(said):
            one.no("date", f"{one.extra['when']}: {words}")
        else:
            one.warnings += [objection.words for objection in said]


def _given(row: Row, answers: Answers) -> dict[str, str]:
    """What the row says for each meaning; several columns of one meaning stand on lines of their own."""
    given: dict[str, str] = {}
    for meaning, cell in zip(answers.meanings, row.cells, strict=False):
        cell = cell.strip()
        if meaning and cell:
            before = given.get(meaning, "")
            given[meaning] = f"{before}\n{cell}" if before and meaning in MANY else before or cell
    return given


def text_of(given: dict[str, str], answers: Answers) -> str:
    """The post's words: as they stand, with the link behind them where they do not hold it already."""
    text = given.get("text", "")
    if answers.shape == "Postiz" and "</" in text:
        text = html.unescape(
            _TAG.sub(lambda tag: "\n" if tag[0][1:3].lower() in {"br", "/p", "/d", "/l"} else "", text)
        )
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
    for link in _ADDRESSES.split(given.get("link", "")):
        link = link.strip()
        if link and link not in text:
            text = f"{text}\n\n{link}" if text else link
    return text


# --- the words, where they go --------------------------------------------------------------------------


def _check_text(
    found: Judged,
    text: str,
    given: dict[str, str],
    channels: Sequence[Channel],
    language: str,
    world: World,
) -> None:
    """Whether it may be a post's text, and its channels would take it with what names and links are there."""
    if not text:
        also = " Its picture has to be brought by hand." if given.get("image") else ""
        found.no("text", f"There is no text in this row.{also}")
        return
    try:
        clean_text(text)
    except Invalid as problem:
        found.no("text", f"{problem.title} {problem.fields['text']}")
        return
    known = world.terms(text)
    for channel in channels:
        content = Content(phrases.resolved(text, known, channel.network), language=language)
        if words := world.adapter(channel).validate(content):
            found.no("text", f"{channel.name} ({channel.title}) would refuse it. {' '.join(words)}")


def _brand(found: Judged, said: str, answers: Answers, world: World) -> Brand | None:
    """The brand a row names, or None for one that names none."""
    if not said:
        return None
    brand = world.brands.get(said.casefold())
    if brand is None:
        known = ", ".join(f"“{one.name}”" for one in list(world.brands.values())[:5])
        found.no("brand", f"“{said[:60]}” is no brand here. There is {known}.")
    return brand


def _brand_of(channels: Sequence[Channel]) -> Brand | None:
    brands = {channel.brand for channel in channels}
    return brands.pop() if len(brands) == 1 else None


def _channels(found: Judged, said: str, brand: Brand | None, answers: Answers, world: World) -> list[Channel]:
    if not said:
        return world.default_channels
    chosen: dict[Any, Channel] = {}
    pieces = [said] if world.named(said) else [piece for piece in _PARTS.split(said) if piece]
    for piece in pieces:
        named = world.named(piece)
        if len(named) > 1:
            preferred = brand or world.brands_by_id.get(answers.brand)
            named = [one for one in named if one.brand_id == getattr(preferred, "pk", None)] or named
        if len(named) == 1:
            chosen[named[0].pk] = named[0]
        elif named:
            either = " or ".join(sorted(f"“{one.name}”" for one in named)[:4])
            found.no("channels", f"“{piece[:60]}” could be {either}. Write the channel’s name.")
        else:
            found.no("channels", f"“{piece[:60]}” is no connected channel here. {world.channels_in_words}")
    return list(chosen.values())


# --- the time -------------------------------------------------------------------------------------------


def _slot(
    found: Judged, given: dict[str, str], channels: Sequence[Channel], answers: Answers, world: World
) -> Slot | None:
    """When it goes out; None where it has no time or is not to be planned, with the reason where that is a fault."""
    told = _when(found, given, answers)
    if told is None:
        return None
    day, clock, instant = told
    said = f"{day:%Y-%m-%d}" if day else ""
    found.extra["when"] = f"{said} {clock:%H:%M}".strip() if clock else said
    if not day or not clock:
        if answers.times == "plan":
            missing = "no time of day" if day else "no day"
            found.warnings.append(f"It has {missing}, so its draft was made without a plan.")
        return None
    try:
        slot = _resolved(day, clock, instant, found.row, answers, world)
        slots.must_be_ahead(slot, world.now)
    except slots.ComesTwice as twice:
        return _not_planned(found, answers, "fold", f"{twice.title} Choose the first or the second.")
    except Invalid as problem:
        return _not_planned(found, answers, "date", f"{found.extra['when']}: {problem.title}")
    if answers.times != "plan":
        return None
    if not channels:
        found.warnings.append("It names no channel, so its draft was made without a plan.")
        return None
    return slot


def _resolved(
    day: date, clock: time, instant: datetime | None, row: Row, answers: Answers, world: World
) -> Slot:
    """The instant meant, as the workspace's own wall clock shows it: what is planned can be moved there."""
    if instant is None:
        slot = slots.resolve(datetime.combine(day, clock), answers.zone, row.said.get("fold"))
        if answers.zone == world.zone:
            return slot
        instant = slot.due_at
    return slots.at_instant(instant, world.zone)


def _not_planned(found: Judged, answers: Answers, meaning: str, words: str) -> None:
    """A fault where times are planned; only worth a word where they are not."""
    if answers.times == "plan":
        found.no(meaning, words)
    else:
        found.warnings.append(words)


def _when(
    found: Judged, given: dict[str, str], answers: Answers
) -> tuple[date | None, time | None, datetime | None] | None:
    day = clock = instant = None
    for meaning in ("date", "time"):
        said = given.get(meaning, "")
        if not said:
            continue
        told = days.when(said, answers.order)
        if told is None:
            what, like = _WHENS[meaning]
            found.no(meaning, f"“{said[:60]}” was not understood as {what}. Write it like {like}.")
            return None
        day, instant = told.day or day, instant if meaning == "time" else told.instant
        clock = told.clock or clock
        if meaning == "time" and told.clock and instant is not None:
            instant = None  # the time beside it says more than the one in the day's cell
    return (day, clock, instant) if day or clock else None


# --- what stands beside ---------------------------------------------------------------------------------


def _labels(found: Judged, said: str) -> list[str]:
    names: dict[str, str] = {}
    for piece in _LISTED.split(said):
        name = " ".join(piece.lstrip("#").split())
        if not name:
            continue
        if len(name) > _LABEL or not is_line(name):
            found.warnings.append(f"“{name[:30]}…” is too long for a label and was left out.")
        else:
            names.setdefault(name.casefold(), name)
    if len(names) > _MOST_LABELS:
        found.warnings.append(f"It has more than {_MOST_LABELS} labels; the first were kept.")
    return list(names.values())[:_MOST_LABELS]


def _extra(found: Judged, given: dict[str, str]) -> None:
    """What a post has no place for stays with the row, and is shown on the post's page."""
    if image := given.get("image"):
        pictures = [
            one.strip()[:_EXTRA]
            for one in re.split(r"[\n;|]|,(?=\s*(?:https?:|\S+\.\w{3,4}))", image)
            if one.strip()
        ]
        found.extra["pictures"] = pictures[:10]
        found.warnings.append("Bring its picture by hand: pictures are not fetched from addresses.")
    if alt := given.get("alt"):
        found.extra["alt"] = alt[:_EXTRA]
    if note := given.get("note"):
        found.extra["note"] = note[:_EXTRA]


def _language(found: Judged, said: str, answers: Answers) -> str:
    """The tag of its language: its own cell's, else the one that was asked for all."""
    try:
        return clean_language(_LANGUAGES.get(said.casefold(), said.replace("_", "-")) or answers.language)
    except Invalid:
        found.warnings.append(f"“{said[:30]}” is no language tag like “en” or “de-AT”, and was left out.")
        return ""


def _mark(text: str, channels: Sequence[Channel], slot: Slot | None) -> str:
    told = [
        hashlib.sha256(text.encode()).hexdigest(),
        *sorted(str(one.pk) for one in channels),
        str(slot.due_at) if slot else "",
    ]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def _check_twins(found: Judged, draft: Draft, world: World) -> None:
    """The same words for the same channels and time: in this file, or here already. What is a draft is remembered."""
    _look_for_twins(found, draft.text, draft.channels, draft.slot, world)
    if found.draft is not None:
        world.remember(found.mark, found.row.number)


def _look_for_twins(
    found: Judged, text: str, channels: Sequence[Channel], slot: Slot | None, world: World
) -> None:
    anyway = bool(found.row.said.get("anyway"))
    if (earlier := world.earlier(found.mark, found.row.number)) and not anyway:
        found.no("twin", f"Row {earlier} of this file says the same, for the same channels and time.")
        return
    mine = {channel.pk for channel in channels}
    for other in world.existing(text):
        if not (mine & other.channels or not mine and not other.channels):
            continue
        at_other_times = slot is not None and other.times and slot.due_at not in other.times
        if at_other_times:
            found.warnings.append(f"The same text is here already at another time ({_told(other)}).")
            return
        if not anyway:
            found.no("twin", f"A post with this text is here already ({_told(other)}).", post=str(other.pk))
            return


def _told(other: Existing) -> str:
    return f"{'planned or out' if other.times else 'a draft'}, begun on {other.begun:%Y-%m-%d}"
