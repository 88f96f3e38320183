"""When a consult rule is about a post, and in which words it says so."""

from __future__ import annotations

import uuid
from types import SimpleNamespace

import pytest

from quarterdeck.stakeholders import matching
from quarterdeck.stakeholders.matching import Facts

BRAND, LABEL = uuid.uuid4(), uuid.uuid4()


def rule(**given):
    plain = {
        "brand_id": None, "brand": "Harbour", "label_id": None, "label": "Product", "language": "", "market": "",
        "networks": [], "words": [], "claims": False,
    }  # fmt: skip
    return SimpleNamespace(**plain | given)


def facts(text: str = "Soup.", **given) -> Facts:
    known = {
        "brand": BRAND,
        "labels": frozenset({LABEL}),
        "language": "de-AT",
        "networks": {"mastodon": "Mastodon"},
    }
    return Facts(text, **known | given)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "they are asked about every post"),
        ({"brand_id": BRAND}, "it is a post of Harbour"),
        ({"brand_id": uuid.uuid4()}, ""),
        ({"label_id": LABEL}, "it is labelled “Product”"),
        ({"label_id": uuid.uuid4()}, ""),
        ({"language": "de"}, "its language is “de-AT”"),
        ({"language": "d"}, ""),
        ({"market": "AT"}, "it is for the market AT"),
        ({"market": "CH"}, ""),
        ({"networks": ["mastodon", "bluesky"]}, "it goes to Mastodon"),
        ({"networks": ["bluesky"]}, ""),
        ({"words": ["clinically proven"]}, "the text says “Clinically  proven”"),
        ({"words": ["proven"], "brand_id": uuid.uuid4()}, ""),
        ({"claims": True}, ""),
        ({"words": ["cure"], "claims": True}, ""),
        ({"words": ["proven"], "brand_id": BRAND}, "the text says “proven” and it is a post of Harbour"),
    ],
)
def test_a_rule_is_about_a_post_when_everything_it_names_fits(given, said):
    found = matching.why(rule(**given), facts("It is Clinically  proven."))
    assert found == said.replace("  ", " ")


@pytest.mark.parametrize(
    ("words", "text", "found"),
    [
        ("legal", "It is illegal.", []),
        ("legal", "LEGAL notice", ["LEGAL"]),
        ("clinic*", "A clinically sound clinic.", ["clinically"]),
        ("zero sugar", "Zero\n  sugar!", ["Zero sugar"]),
        ("100 %", "It is 100 % beef", ["100 %"]),
        ("c++", "We teach c++ now", ["c++"]),
        (".*", "anything", []),
        ("größe*", "Die Größenangabe", ["Größenangabe"]),
    ],
)
def test_words_are_found_whole_and_never_as_patterns(words, text, found):
    assert matching.said_in(text, [words]) == found


def test_a_flagged_claim_is_named_or_its_label_is():
    assert matching.why(rule(claims=True), facts(claims=("free",))) == "it makes a claim, “free”"
    assert matching.why(rule(claims=True), facts(claims=("label",))) == "a label says that it makes a claim"


@pytest.mark.parametrize(("tag", "region"), [("de-AT", "AT"), ("de", ""), ("zh-Hant-TW", "TW"), ("", "")])
def test_the_market_is_the_region_of_the_language(tag, region):
    assert matching.market(tag) == region
