"""A typo or a dead link: pointed out, taken on and corrected in one act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from quarterdeck.accountability import noting, ways
from quarterdeck.accountability.models import How, Level, Slip
from quarterdeck.accountability.noting import Parts
from quarterdeck.accountability.rows import NOT_SAID, Said
from quarterdeck.accountability.verbs import slips
from quarterdeck.accountability.verbs.correcting import Cover, Given, correct
from quarterdeck.accountability.ways import COMMON, text_key
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import Member
from quarterdeck.publishing.models import Delivery, Post


@verb
def fix(
    post: Post, *, by: Member, texts: Mapping[str, Sequence[str]], line: str = "", reasons: Mapping[UUID, str]
) -> Slip:
    """A typo or a dead link: point it out, take it on and correct it in one act. `texts` as in `Given`; `line` says
    what was wrong, from the difference when it is empty. Where a network lets nothing be edited, it is left with
    `reasons[channel]`.

    Raises Conflict when somebody else sees to it or it is worse than a typo, Invalid when nothing was changed.
    """
    said = _difference(post, texts)
    if not said:
        raise Invalid(
            "Nothing was changed in the text.",
            not_done=NOT_SAID,
            fields={COMMON: "Please change what is wrong."},
        )
    wrong = line.strip() or said
    slip = Slip.objects.filter(post=post, ended_at__isnull=True).first()
    if slip is not None and slip.level > Level.SMALL:
        raise Conflict(
            "Something worse than a typo was pointed out in this post.",
            not_done=NOT_SAID,
            next_step="Correct it on its own page, which also asks who is told.",
        )
    if slip is None:
        slip = slips.flag(post, by=by, said=Said(wrong, Level.SMALL), quiet=True)
    covers = {
        pk: _small(post, found, texts, reasons.get(pk, "")) for pk, found in ways.standing(post).items()
    }
    correct(slip, by=by, given=Given(Parts(wrong=wrong, fix=said), covers, texts))
    return slip


def _difference(post: Post, texts: Mapping[str, Sequence[str]]) -> str:
    for key, parts in texts.items():
        old = post.parts if key == COMMON else post.overrides.get(key, [])
        for before, after in zip(old, parts, strict=False):
            if said := noting.line(before["text"], after):
                return said
            if before["text"] != after:
                return "The spaces were wrong."
    return ""


def _small(post: Post, found: list[Delivery], texts: Mapping[str, Sequence[str]], reason: str) -> Cover:
    key = text_key(post, found[0].channel_id)
    old = [part["text"] for part in post.parts_on(found[0].channel_id)]
    if list(texts.get(key, old)) == old:
        return Cover(How.LEAVE, "It does not say that there.")
    edit = ways.offered_for(found)[0]
    if not edit.allowed:
        return Cover(How.LEAVE, reason.strip() or f"{edit.why} A typo is left as it is.")
    return Cover(How.EDIT)
