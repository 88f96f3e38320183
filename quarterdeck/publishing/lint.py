"""What a second reader would say of a draft: small checks without a database, each a sentence and one action.

None of them stops anything. What must be mended before approval is asked (a picture without a description or a
reason) is checked again by the verb.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from quarterdeck.core.registries import LintDraft, LintItem, LintText
from quarterdeck.engines import text as texts

MOST_TAGS = 5
MOST_TAGS_THERE = {"instagram": 10, "tiktok": 8, "linkedin": 5}
LONG_TAG = 12
_PLACEHOLDERS = re.compile(
    r"\b(?:TK)+\b|\b(?:TODO|FIXME|XXX+)\b|(?i:\blorem ipsum\b)|\{\{[^{}]{0,40}\}\}"
    r"|(?i:\[(?:link|url|name|date|time|place|number|text|tbd|tbc|\.{3}|…)\])"
)
_DISCLOSED = re.compile(
    r"#(?:ad|anzeige|werbung|sponsored|paidpartnership|publicite|publicité|publi|pub)\b|paid partnership|"
    r"bezahlte partnerschaft|in partnership with|sponsored by|partenariat rémunéré",
    re.IGNORECASE,
)
_PAID = re.compile(
    r"\b(?:partner|partners|partnership|sponsor|sponsored|paid|ad|ads|advertising|werbung|anzeige)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+")


def check(draft: LintDraft, known_words: Iterable[str] = ()) -> list[LintItem]:
    """Everything these checks find, the most serious first. `known_words` (small letters) help to take a hashtag
    apart."""
    found: list[LintItem] = []
    for text in draft.texts:
        on = f"On {text.on}: " if text.on else ""
        every = (item for part in _CHECKS for item in part(text, frozenset(known_words)))
        found += [LintItem(on + i.words, i.tone, i.action, i.at, i.swap, i.url) if on else i for i in every]
    found += _disclosure(draft)
    return sorted(found, key=lambda item: ("coral", "amber", "").index(item.tone))


def undescribed(parts: Iterable[dict]) -> list[int]:
    """Which pictures, counted from 1, have neither a description nor a reason why they need none."""
    images = [image for part in parts for image in part["images"]]
    return [
        n
        for n, image in enumerate(images, 1)
        if not image["alt"].strip() and not image.get("none", "").strip()
    ]


def _descriptions(text: LintText, known: frozenset[str]) -> Iterator[LintItem]:
    missing, number = set(undescribed(text.parts)), 0
    for part in text.parts:
        for image in part["images"]:
            number += 1
            if number in missing:
                words = f"Picture {number} has no description. People who listen will miss it."
                yield LintItem(words, "coral", "Describe", f"alt:{part['key']}:{image['file']}")


def _placeholders(text: LintText, known: frozenset[str]) -> Iterator[LintItem]:
    for part in text.parts:
        if match := _PLACEHOLDERS.search(part["text"]):
            words = f"“{match[0]}” looks like a place that was to be filled in."
            yield LintItem(words, "coral", "Go there", f"text:{part['key']}")


def _capitals(text: LintText, known: frozenset[str]) -> Iterator[LintItem]:
    for part in text.parts:
        words = [w for w in _WORD.findall(part["text"]) if len(w) > 1]
        loud = [w for w in words if w.isupper() and w != w.lower()]
        if len(loud) >= 4 and len(loud) * 2 > len(words):
            yield LintItem(
                "Most of it is in capitals. It reads as shouting, and is harder to read.",
                "amber",
                "Go there",
                f"text:{part['key']}",
            )


def _too_many_tags(text: LintText, known: frozenset[str]) -> Iterator[LintItem]:
    most = min((MOST_TAGS_THERE.get(network, MOST_TAGS) for network in text.networks), default=MOST_TAGS)
    if text.networks and text.networks <= {"instagram"}:
        most = MOST_TAGS_THERE["instagram"]
    for part in text.parts:
        count = len(tags(part["text"]))
        if count > most:
            words = f"It has {count} hashtags; more than {most} look like noise."
            yield LintItem(words, "amber", "Go there", f"text:{part['key']}")


def _tag_case(text: LintText, known: frozenset[str]) -> Iterator[LintItem]:
    said = {
        w.lower() for part in text.parts for w in _WORD.findall(_without_tags(part["text"])) if len(w) > 1
    }
    for part in text.parts:
        for tag in dict.fromkeys(tags(part["text"])):
            word = tag[1:]
            if word != word.lower() or not word.isalpha() or word == word.upper():
                continue
            at = f"text:{part['key']}"
            if better := capitalised(word, known | said):
                words = f"“{tag}” is several words. Written “#{better}”, screen readers say each of them."
                yield LintItem(words, "amber", f"Write #{better}", at, (tag, f"#{better}"))
            elif len(word) >= LONG_TAG:
                words = f"“{tag}” may be several words. A capital at each helps people who listen."
                yield LintItem(words, "amber", "Go there", at)


def _disclosure(draft: LintDraft) -> Iterator[LintItem]:
    paid = next((label for label in sorted(draft.labels) if _PAID.search(label)), None)
    if paid is None:
        return
    for text in draft.texts:
        if text.parts and not any(_DISCLOSED.search(part["text"]) for part in text.parts):
            where = f" on {text.on}" if text.on else ""
            words = f"Its label “{paid}” says somebody paid for it, and the text{where} does not say so."
            yield LintItem(words, "coral", "Add #ad", f"text:{text.parts[0]['key']}", ("", " #ad"))


_CHECKS = (_descriptions, _placeholders, _capitals, _too_many_tags, _tag_case)


def tags(words: str) -> list[str]:
    """The hashtags of a text, sign and all, in order."""
    try:
        return [one.text for one in texts.entities(words) if one.kind == "hashtag"]
    except texts.BadText:
        return []


def links(words: str) -> list[str]:
    """The web addresses in a text, each once, as they would be opened."""
    try:
        found = [one.text for one in texts.entities(words) if one.kind == "url"]
    except texts.BadText:
        return []
    return list(dict.fromkeys(url if "://" in url else f"https://{url}" for url in found))


def capitalised(word: str, known: frozenset[str]) -> str:
    """`word` with a capital at each of the known words it is made of; empty unless it is made of two or more.

    Few and long words are preferred: "springmenu" is "SpringMenu", never "SpRingMenu".
    """
    best: list[list[str] | None] = [[], *[None] * len(word)]
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - 24), end):
            before, piece = best[start], word[start:end]
            if before is None or piece not in known or (len(piece) < 3 and piece not in _SHORT):
                continue
            if best[end] is None or len(before) + 1 < len(best[end] or []):
                best[end] = [*before, piece]
    parts = best[-1] or []
    return "".join(part.capitalize() for part in parts) if len(parts) > 1 else ""


_SHORT = {
    "a",
    "i",
    "of",
    "to",
    "in",
    "on",
    "at",
    "is",
    "we",
    "my",
    "by",
    "it",
    "so",
    "us",
    "up",
    "go",
    "no",
    "or",
}


def _without_tags(words: str) -> str:
    for tag in tags(words):
        words = words.replace(tag, " ")
    return words


# --- like something that was said before ------------------------------------------------------------------

_LINK = re.compile(r"https?://\S+")
ALIKE = 0.7  # of all runs of three words in either text, this share stands in both


def normalised(words: str) -> frozenset[str]:
    """A text as its runs of three words, without links, signs and capitals; of a short one its words."""
    said = re.findall(r"\w+", _LINK.sub(" ", words).casefold())
    if len(said) < 6:
        return frozenset({" ".join(said)} if said else ())
    return frozenset(" ".join(said[n : n + 3]) for n in range(len(said) - 2))


def alike(one: frozenset[str], other: frozenset[str]) -> float:
    """How much two normalised texts share, from 0 to 1 (Jaccard)."""
    return len(one & other) / len(one | other) if one and other else 0.0
