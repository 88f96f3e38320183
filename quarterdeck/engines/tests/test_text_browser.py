"""The counter in the page and the one in the engine say the same: a seeded corpus in a real Chromium.

Left out are texts with a character on which the two sides' Unicode tables differ because one is a year younger.
"""

from __future__ import annotations

import json

import pytest
import regex

from quarterdeck.engines import _text_emoji as emoji
from quarterdeck.engines import text
from quarterdeck.engines._text_build import SCRIPT
from quarterdeck.engines.tests._text_pieces import DIRECTIONS, PRINTABLE, REFUSED, SPACES, corpus

pytestmark = pytest.mark.browser

LOAD = """async source => {
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  window.engine = await import(url);
}"""
# Per text and network [length, limit, valid, reasons] and its entities; then the facets. One string comes back,
# because a million small values on their own take the driver most of a minute.
JUDGE = """texts => JSON.stringify(texts.map(text => [
  engine.NETWORKS.map(n => [Object.values(engine.count(text, n)), engine.entities(text, n).map(Object.values)]),
  engine.facets(text).map(Object.values),
]))"""
PROPERTIES = ("Cn", "L", "M", "Nd", "P", "Extended_Pictographic", "Emoji_Presentation")
KNOWS = """([characters, names]) => names.map(name => {
  const pattern = new RegExp(`^\\\\p{${name}}$`, "u");
  return characters.map(c => pattern.test(c));
})"""
KNOWS_SEQUENCES = (
    r"""sequences => sequences.map(s => /^(?:\p{RGI_Emoji}|[#*0-9]\u20e3|👁\u200d🗨)$/v.test(s))"""
)


@pytest.fixture(scope="module")
def engine_page(browser):
    page = browser.new_page()
    page.goto("about:blank")
    page.evaluate(LOAD, SCRIPT.read_text(encoding="utf-8"))
    yield page
    page.close()


def known_to_both(page, texts: list[str]) -> list[str]:
    """The texts whose every character has the same properties here and there."""
    characters = sorted(set("".join(texts)))
    there = page.evaluate(KNOWS, [characters, PROPERTIES])
    disputed: set[str] = set()
    for name, answers in zip(PROPERTIES, there, strict=True):
        pattern = regex.compile(rf"\p{{{name}}}")
        pairs = zip(characters, answers, strict=True)
        disputed |= {c for c, said in pairs if said != bool(pattern.fullmatch(c))}
    return [one for one in texts if not disputed & set(one)]


def here(given: str) -> list:
    said = []
    for network in text.NETWORKS:
        length, limit, valid, reasons = text.count(given, network)
        said.append([[length, limit, valid, [*reasons]], [[*e] for e in text.entities(given, network)]])
    return [said, [[*f] for f in text.facets(given)]]


def agree(page, texts: list[str]) -> None:
    for one, there in zip(texts, json.loads(page.evaluate(JUDGE, texts)), strict=True):
        assert there == here(one), ascii(one)


def test_the_networks_are_the_same(engine_page):
    assert engine_page.evaluate("engine.NETWORKS") == [*text.NETWORKS]


@pytest.mark.parametrize(
    "sets",
    [
        pytest.param(1, id="3,000"),
        pytest.param(35, id="105,000", marks=[pytest.mark.prove, pytest.mark.timeout(1800)]),
    ],
)
def test_a_corpus_is_counted_and_read_the_same(engine_page, sets):
    young = {s for s in emoji.sequences() if len(s) > 1} - set(known_emoji(engine_page))
    pattern = regex.compile("|".join(map(regex.escape, sorted(young, key=len, reverse=True))) or "(?!)")
    for number in range(sets):
        drawn = corpus(3000, seed=20261123 + number)
        texts = [one for one in known_to_both(engine_page, drawn) if not pattern.search(one)]
        assert len(texts) > 2_900
        agree(engine_page, texts)


def test_every_neighbour_of_every_kind_of_piece_is_read_the_same(engine_page):
    neighbours = [*PRINTABLE, *SPACES, *DIRECTIONS, *REFUSED, *"あé＠＃“。💩"]
    pieces = [
        "http://a.de",
        "https://a.de/b",
        "a.de?b",
        "(https://a.de/b",
        "@ann.de",
        "@ann@b.de",
        "@ann/l",
        "#a",
        "$TSLA",
    ]
    agree(
        engine_page,
        [text for c in neighbours for p in pieces for text in (f"z{c}{p}", f"{p}{c}", f"{p}{c}b")],
    )


def known_emoji(page) -> list[str]:
    sequences = known_to_both(page, sorted(emoji.sequences()))
    plain = [s for s in sequences if not (len(s) == 2 and s[1] == "\ufe0f")]
    answers = zip(plain, page.evaluate(KNOWS_SEQUENCES, plain), strict=True)
    return [s for s, known in answers if known] + [s for s in sequences if s not in set(plain)]


def test_every_emoji_that_both_know_weighs_the_same(engine_page):
    known = known_emoji(engine_page)
    assert len(known) > 2_700
    lengths = engine_page.evaluate("all => all.map(s => engine.count(s, 'x').length)", known)
    assert {s for s, length in zip(known, lengths, strict=True) if length != 2} == set()


def test_hosts_around_the_longest_label_that_fits_once_coded(engine_page):
    alphabets = ("a", "é", "éa", "あ", "あいうえお", "中文字a", "яш", "aébあc-d", "字\U00020021", "x。あ")
    labels = [(alphabet * size)[:size] + alphabet[0] for alphabet in alphabets for size in range(1, 70)]
    assert {text.count(f"http://{label}.com", "x").length for label in labels} > {23}
    lengths = engine_page.evaluate(
        "all => all.map(s => engine.count(s, 'x').length)", [f"http://{label}.com" for label in labels]
    )
    assert lengths == [text.count(f"http://{label}.com", "x").length for label in labels]


def test_what_is_too_much_is_said_in_the_same_words(engine_page):
    many = [f"https://{c}.example.com" for c in "abcdef"]
    agree(
        engine_page,
        [
            "",
            "a" * 281,
            "a" * 63_207,
            "字" * 1001,
            "a\ufeff",
            "a\uffff",
            "1 < 2",
            " ".join(many),
            " ".join(f"#a{i}" for i in range(31)) + " ".join(f" @a{i}" for i in range(21)),
        ],
    )


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (r"engine.count('ab\ud83d', 'x')", "LoneSurrogate", ("ab\ud83d", "x")),
        (r"engine.count('🍲\ude00', 'tiktok')", "LoneSurrogate", ("🍲\ude00", "tiktok")),
        ("engine.count('a', 'friendster')", "UnknownNetwork", ("a", "friendster")),
        ("engine.count('a', 'toString')", "UnknownNetwork", ("a", "toString")),
        ("engine.count('a', 'x', -1)", "BadLimit", ("a", "x", -1)),
        ("engine.count('a', 'x', 2.5)", "BadLimit", ("a", "x", 2.5)),
    ],
)
def test_refusals_have_the_same_name_and_words(engine_page, call, error, words):
    caught = (
        f"(() => {{ try {{ {call}; return [] }} catch (e) {{ return [e.constructor.name, e.message] }} }})()"
    )
    with pytest.raises(getattr(text, error)) as refused:
        text.count(*words)
    assert engine_page.evaluate(caught) == [error, str(refused.value)]


@pytest.mark.parametrize(
    "call", [r"entities('\ude00')", r"facets('\ude00\ud83d')", "count(3, 'x')", "count('a')"]
)
def test_bad_input_is_a_typed_error(engine_page, call):
    caught = f"(() => {{ try {{ engine.{call}; return false }} catch (e) {{ return e instanceof engine.BadText }} }})()"
    assert engine_page.evaluate(caught) is True
