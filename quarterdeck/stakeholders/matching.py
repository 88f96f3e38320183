"""Whether a consult rule is about a post, and why, in words. Pure: what is known of the post goes in, a sentence's end
comes out ("the text says “clinically proven”").
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from quarterdeck.core.deeds import listed
from quarterdeck.stakeholders.models import ConsultRule

MOST_QUOTED = 3


@dataclass(frozen=True, slots=True)
class Facts:
    """What of a post a rule can be about. `networks` by name, with what people call them; `claims` are the phrases of
    it that an approval policy flags, or "label"."""

    text: str
    brand: UUID
    labels: frozenset[UUID]
    language: str
    networks: dict[str, str]
    claims: tuple[str, ...] = ()


def why(rule: ConsultRule, facts: Facts) -> str:
    """Why the rule is about the post; empty where it is not."""
    places = [
        (rule.brand_id, rule.brand_id == facts.brand, lambda: f"it is a post of {rule.brand}"),
        (rule.label_id, rule.label_id in facts.labels, lambda: f"it is labelled “{rule.label}”"),
        (
            rule.language,
            _speaks(facts.language, rule.language),
            lambda: f"its language is “{facts.language}”",
        ),
        (rule.market, market(facts.language) == rule.market, lambda: f"it is for the market {rule.market}"),
        (rule.networks, _on(rule, facts), lambda: f"it goes to {listed(_on(rule, facts))}"),
    ]
    if any(asked and not fits for asked, fits, _ in places):
        return ""
    said = [words() for asked, _, words in places if asked]
    if rule.words or rule.claims:
        text = _in_text(rule, facts)
        if not text:
            return ""
        said.insert(0, text)
    return listed(said) if said else "they are asked about every post"


def _in_text(rule: ConsultRule, facts: Facts) -> str:
    found = said_in(facts.text, rule.words)
    if found:
        return f"the text says {listed(f'“{one}”' for one in found[:MOST_QUOTED])}"
    if not rule.claims or not facts.claims:
        return ""
    if facts.claims == ("label",):
        return "a label says that it makes a claim"
    return f"it makes a claim, {listed(f'“{one}”' for one in facts.claims[:MOST_QUOTED])}"


def said_in(text: str, words: Iterable[str]) -> list[str]:
    """Which of the words and phrases stand in the text, as the text has them."""
    flat = " ".join(text.split())
    found = (_pattern(one).search(flat) for one in words)
    return list(dict.fromkeys(one.group() for one in found if one is not None))


@lru_cache(maxsize=2048)
def _pattern(words: str) -> re.Pattern[str]:
    """Whole words in whatever case and spacing; a star at the end takes any ending with it."""
    stem = words.rstrip("*")
    body = r"\s+".join(re.escape(one) for one in stem.split())
    ending = r"\w*" if stem != words else ""
    return re.compile(rf"(?<!\w){body}{ending}(?!\w)", re.IGNORECASE)


def _speaks(language: str, wanted: str) -> bool:
    tag, wish = language.casefold(), wanted.casefold()
    return tag == wish or tag.startswith(f"{wish}-")


def market(language: str) -> str:
    """The region of a BCP 47 tag ("AT" of "de-AT"); empty where it names none."""
    for part in language.split("-")[1:]:
        if len(part) == 2 and part.isalpha():
            return part.upper()
    return ""


def _on(rule: ConsultRule, facts: Facts) -> list[str]:
    return [title for name, title in sorted(facts.networks.items()) if name in rule.networks]


def in_words(rule: ConsultRule, networks: dict[str, str]) -> str:
    """Which posts a rule is about, for its own line: "posts of Harbour that say “proven” or make a flagged claim"."""
    said = [f"of {rule.brand}"] if rule.brand_id else []
    said += [f"labelled “{rule.label}”"] if rule.label_id else []
    said += [f"in the language “{rule.language}”"] if rule.language else []
    said += [f"for the market {rule.market}"] if rule.market else []
    said += [f"on {listed(networks.get(one, one) for one in rule.networks)}"] if rule.networks else []
    words = [f"say {', '.join(f'“{one}”' for one in rule.words)}"] if rule.words else []
    words += ["make a claim that an approval policy flags"] if rule.claims else []
    text = f" that {' or '.join(words)}" if words else ""
    return f"{'Posts' if said or text else 'Every post'}{''.join(f' {one}' for one in said)}{text}"
