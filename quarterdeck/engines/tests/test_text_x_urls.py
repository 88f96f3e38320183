"""Addresses on X by the rules of its published specification: each rule is a test's name, its cases made from it."""

from __future__ import annotations

import pytest

from quarterdeck.engines import _text_urls as urls
from quarterdeck.engines.tests._text_pieces import ALNUM, DIRECTIONS, PRINTABLE, REFUSED, SPACES, found, wrong

URL = "http://example.com"


def test_an_address_with_protocol_may_follow_all_but_ascii_alphanumerics_signs_and_refused():
    never = ALNUM + "@＠$#＃" + REFUSED
    before = [*PRINTABLE, *SPACES, *DIRECTIONS, *REFUSED, *"あé＠＃“。💩"]
    assert wrong(before, " {}" + URL, lambda c: [URL] * (c not in never), "url") == []
    assert wrong(before, "{}" + URL, lambda c: [URL] * (c not in never), "url") == []


def test_an_address_without_protocol_may_not_follow_hyphen_underscore_stop_or_slash_either():
    never = "@＠$#＃-_./" + REFUSED
    before = [*PRINTABLE, *SPACES, *DIRECTIONS, *REFUSED, *"あ＠＃“。💩"]
    whole = {c: f"{c}example.com" if c in ALNUM else "example.com" for c in before}
    assert wrong(before, " {}example.com", lambda c: [whole[c]] * (c not in never), "url") == []


def test_a_top_level_domain_ends_before_all_but_ascii_alphanumerics_at_plus_and_hyphen():
    never = ALNUM + "@+-"
    after = [*PRINTABLE, *SPACES, *DIRECTIONS, *REFUSED, *"あé＠。💩"]
    assert wrong(after, URL + "{}", lambda c: [URL + c * (c == "/")] * (c not in never), "url") == []


def test_every_public_top_level_domain_makes_an_address_with_and_without_protocol():
    plain, written = urls.top_level()
    every = [*plain, *(name for names in written.values() for name in names)]
    assert len(every) > 1_400
    assert {t for t in every if found(f"a http://foo.{t} b", "url") != [f"http://foo.{t}"]} == set()
    assert {t for t in every if found(f"a foo.{t}/x b", "url") != [f"foo.{t}/x"]} == set()
    assert {t for t in every if found(f"a foo.{t} b", "url") != [f"foo.{t}"]} == set()


@pytest.mark.parametrize(
    "host", ["foo.baz1", "foo.comm", "foo.x", "foo", "foo.c0m", "192.168.0.1", "foo..com", ".com"]
)
def test_what_ends_in_no_public_top_level_domain_is_no_address(host):
    assert found(f"http://{host}") == []
    assert found(f"see {host} now") == []


@pytest.mark.parametrize(
    "host",
    [
        "a-b.com",
        "a--b.com",
        "a_b.example.com",
        "a-_b.example.com",
        "1.example.com",
        "EXAMPLE.COM",
        "xn--mnchen-3ya.de",
        "example.xn--p1ai",
        "☃.net",
        "münchen.de",
        "пример.рф",
        "例え.みんな",
        "例え.jp",
        "a" * 63 + ".com",
    ],
)
def test_a_host_has_letters_digits_hyphens_and_subdomains_underscores_in_any_script(host):
    assert found(f"see http://{host}/x now", "url") == [f"http://{host}/x"]


@pytest.mark.parametrize(
    "host",
    [
        "-a.com",
        "a-.com",
        "_a.example.com",
        "a_.example.com",
        "a_b.com",
        "a.-b.com",
        "☃-.net",
        "a" * 64 + ".com",
    ],
)
def test_a_label_neither_begins_nor_ends_with_a_hyphen_and_the_domain_has_no_underscore(host):
    assert found(f"see http://{host}/x now", "url") == []


@pytest.mark.parametrize(("letter", "fits"), [("ü", 57), ("あ", 57)])
def test_a_label_in_another_script_fits_as_long_as_its_coded_form_does(letter, fits):
    label = {"ü": lambda n: "a" * (n - 1) + "ü", "あ": lambda n: "あ" * n}[letter]
    lengths = [n for n in range(1, 64) if found(f"http://{label(n)}.com", "url")]
    coded = [n for n in range(1, 64) if len("xn--" + label(n).encode("punycode").decode()) <= 63]
    assert lengths == coded
    assert 0 < len(coded) <= fits


def test_without_protocol_only_the_ascii_part_of_a_host_is_an_address():
    assert found("これは日本語example.com中国語t.co/abc한국 twitter.com", "url") == [
        "example.com",
        "t.co/abc",
        "twitter.com",
    ]
    assert found("http://日本語.com 日本語.com", "url") == ["http://日本語.com"]
    assert found(" é.example.com", "url") == ["é.example.com"]


@pytest.mark.parametrize(
    "tail", [":80", ":8080/x", "/?q=1", "?q=1", ":1?q", "/#x", "/#!/x", "/x?y=#z", "/@ann/"]
)
def test_port_path_fragment_and_query_belong_to_an_address(tail):
    assert found(f"see {URL}{tail} now", "url") == [URL + tail]


GENERAL = "!*';:=+,.$/%#[]-\u2013_~@|&"
ENDING = "+-=_#/"


def test_a_path_may_hold_general_characters_and_end_in_some():
    assert wrong(GENERAL, URL + "/a{}b", lambda c: [f"{URL}/a{c}b"], "url") == []
    assert wrong(GENERAL, URL + "/a{}", lambda c: [f"{URL}/a" + c * (c in ENDING)], "url") == []


def test_other_characters_end_a_path():
    others = '"<>\\^`{}' + SPACES + REFUSED + DIRECTIONS + "あ。、“💩"
    assert wrong(others, URL + "/a{}b", lambda c: [f"{URL}/a"], "url") == []


@pytest.mark.parametrize("letter", "жéßøỳ")
def test_a_path_may_hold_cyrillic_and_accented_latin(letter):
    assert found(f"{URL}/{letter}", "url") == [f"{URL}/{letter}"]


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/a_(b)", "/a_(b)"),
        ("/a_(b)c", "/a_(b)c"),
        ("/(a)", "/(a)"),
        ("/a(b(c)d)e", "/a(b(c)d)e"),
        ("/a(b(c(d)))", "/a"),  # two deep and no deeper
        ("/a_(b", "/a_"),
        ("/a)", "/a"),
        ("/a())", "/a"),
        ("/a(b).", "/a(b)"),
        ("/(a)(b)", "/(a)(b)"),
    ],
)
def test_a_path_holds_balanced_parentheses_to_two_levels(path, kept):
    assert found(f"({URL}{path}", "url") == [URL + kept]


QUERY = "!?*'@();:&=+$/%#[]-_.,~|"
QUERY_ENDING = "-_&=#/"


def test_a_query_may_hold_its_characters_and_end_in_some():
    assert wrong(QUERY, URL + "?a{}b", lambda c: [f"{URL}?a{c}b"], "url") == []
    assert wrong(QUERY, URL + "?a{}", lambda c: [f"{URL}?a" + c * (c in QUERY_ENDING)], "url") == []


def test_a_query_belongs_to_an_address_without_protocol_only_behind_a_path():
    assert found("example.com?q=1 example.com/?q=1", "url") == ["example.com", "example.com/?q=1"]


def test_a_short_address_ends_with_its_slug_and_a_slug_has_at_most_40_characters():
    assert found("http://t.co/" + "a" * 40, "url") == ["http://t.co/" + "a" * 40]
    assert found("http://t.co/" + "a" * 41, "url") == []
    assert found("https://t.co/abc/def http://t.co/abc.def http://t.co/abc?d=e", "url") == [
        "https://t.co/abc",
        "http://t.co/abc",
        "http://t.co/abc?d=e",
    ]


def test_an_address_has_at_most_4096_characters_with_the_protocol_counted_twice():
    assert found(URL + "/" + "a" * (4096 - 7 - len(URL) - 1), "url")
    assert not found(URL + "/" + "a" * (4096 - 7 - len(URL)), "url")
