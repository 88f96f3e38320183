"""What a browser, a phone or a mail hands over, sorted into the fields of an idea. Pure: nothing is kept here."""

from __future__ import annotations

import re
from collections.abc import Mapping

from quarterdeck.ideas.models import LINK_LENGTH, TITLE_LENGTH, WHY_LENGTH, WORDS_LENGTH, Kind, Way

_LINK = re.compile(r"https?://[^\s<>\"']{3,1990}")
_FORWARDED = re.compile(r"^\s*((fwd?|re|aw|wg|tr|rv)\s*:\s*)+", re.I)
_TAG = re.compile(r"(?:^|\s)#([^\W\d_][\w-]{0,29})")
_SIGNATURE = re.compile(r"^-- ?$", re.M)


def first_link(text: str) -> str:
    """The first address in a text, without the full stop or bracket that ends a sentence."""
    found = _LINK.search(text)
    return found[0].rstrip(".,;:!?)]}’”") if found else ""


def shared(given: Mapping[str, str]) -> dict[str, str]:
    """The capture form's beginning, from `title`, `text` (or `words`), `url` (or `link`), `why` and `way`.

    Phones put the link into the text as often as into the url, and the words of a post into its title.
    """
    title = _flat(given.get("title", ""))
    words = given.get("words", "") or given.get("text", "")
    link = (given.get("link", "") or given.get("url", "")).strip()
    if not link:
        link = first_link(words) or first_link(title)
    rest = words.replace(link, "").strip() if link else words.strip()
    if not title or title == link:
        title, rest = _flat(rest.partition("\n")[0]), rest
    if _flat(rest) == title:
        rest = ""
    way = given.get("way", "")
    return {
        "title": _cut(title, TITLE_LENGTH),
        "link": link[:LINK_LENGTH],
        "words": rest[:WORDS_LENGTH],
        "why": given.get("why", "").strip()[:WHY_LENGTH],
        "tags": given.get("tags", "")[:500],
        "kind": str(Kind.SWIPE if link else Kind.IDEA),
        "way": way if way in Way.values and way != Way.MAIL else str(Way.FORM),
    }


def mailed(subject: str, text: str) -> dict:
    """The fields of an idea from a mail: the subject is the title, what is written is why it works, #words are tags."""
    said = _SIGNATURE.split(text.replace("\r\n", "\n"), maxsplit=1)[0].strip()
    link = first_link(said) or first_link(subject)
    why = said.replace(link, "").strip() if link else said
    tags = list(dict.fromkeys(one.lower() for one in _TAG.findall(why)))[:12]
    title = _flat(_FORWARDED.sub("", subject).replace(link, "") if link else _FORWARDED.sub("", subject))
    title = title or _flat(why.partition("\n")[0]) or link or "A mail without words"
    return {
        "title": _cut(title, TITLE_LENGTH),
        "link": link,
        "why": _cut(why, WHY_LENGTH),
        "tags": tags,
        "kind": str(Kind.SWIPE if link else Kind.IDEA),
    }


def noting(given: dict, left_out: list[str]) -> dict:
    """The same fields, with what was left out at the end of why it works; that is shortened where both do not fit."""
    if not left_out:
        return given
    words = _cut(" ".join(left_out), WHY_LENGTH // 2)
    why = _cut(given["why"], WHY_LENGTH - len(words) - 2)
    return given | {"why": f"{why}\n\n{words}".strip()}


def _flat(text: str) -> str:
    return " ".join(text.split())


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
