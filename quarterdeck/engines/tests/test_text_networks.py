"""The networks besides X: Bluesky's clusters and facets, Mastodon as documented, and those with a limit alone."""

from __future__ import annotations

import pytest
import regex

from quarterdeck.engines import _text_bluesky as bluesky
from quarterdeck.engines.text import Facet, count, entities, facets

FAMILY = "👨\u200d👩\u200d👧\u200d👦"
EVERY = "".join(chr(c) for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF)


def found(text: str, network: str) -> list[tuple[str, str]]:
    return [(e.kind, e.text) for e in entities(text, network)]


# Bluesky


def test_bluesky_takes_300_clusters_and_3000_bytes():
    assert count("é" * 300, "bluesky") == (300, 300, True, ())
    assert count("é" * 301, "bluesky").reasons == (
        "The text is 1 character too long for Bluesky, which takes 300.",
    )
    assert count(FAMILY * 120, "bluesky") == (120, 300, True, ())
    said = count(FAMILY * 121, "bluesky")  # a real server refuses this one: 3025 bytes
    assert (said.length, said.valid) == (121, False)
    assert said.reasons == ("The text is 25 bytes too long for Bluesky, which takes 3,000.",)
    assert len(count("字" * 1001, "bluesky").reasons) == 2


@pytest.mark.parametrize(
    "cluster",
    [
        FAMILY,
        "e\u0301",
        "\r\n",
        "क्षि",
        "각",
        "🇯🇵",
        "\u1100\u1161\u11a8",
        "👍🏽",
        "\u0915\u094d\u0937",
        "1\ufe0f\u20e3",
        "ก็",
    ],
)
def test_a_cluster_is_one_by_this_years_unicode(cluster):
    assert count(cluster, "bluesky").length == 1
    assert count(f"a{cluster}b", "bluesky").length == 3
    assert count(cluster * 3, "mastodon").length == 3


def test_flags_pair_up_and_line_ends_too():
    assert count("🇯🇵🇯🇵🇯", "bluesky").length == 3
    assert count("a\r\nb\n\r", "bluesky").length == 5


def test_what_is_counted_without_looking_stands_alone_by_the_standard():
    kinds = {c for k in ("XX", "CN", "LF", "LV", "LVT") for c in regex.findall(rf"\p{{GCB={k}}}", EVERY)}
    alone = regex.findall(bluesky.ALONE.pattern.removesuffix("*"), EVERY)
    assert len(alone) > 40_000
    assert {c for c in alone if c not in kinds} == set()


def test_facets_give_bytes_and_what_the_record_needs():
    text = "🍲 @ann.bsky.social: see https://example.com/ä_(b). (example.org) #süß! $tsla #1"
    said = facets(text)
    assert said == [
        Facet("mention", 5, 21, "ann.bsky.social"),
        Facet("link", 27, 53, "https://example.com/ä_(b)"),
        Facet("link", 56, 67, "https://example.org"),
        Facet("tag", 69, 75, "süß"),
        Facet("tag", 77, 82, "$TSLA"),
    ]
    assert [text.encode()[f.start : f.end].decode() for f in said] == [
        "@ann.bsky.social",
        "https://example.com/ä_(b)",
        "example.org",
        "#süß",
        "$tsla",
    ]
    assert found(text, "bluesky") == [
        ("mention", "@ann.bsky.social"),
        ("url", "https://example.com/ä_(b)"),
        ("url", "example.org"),
        ("hashtag", "#süß"),
        ("cashtag", "$tsla"),
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("httpbin.org", "https://httpbin.org"),
        ("(https://a.de/b)", "https://a.de/b"),
        ("(https://a.de/(b))", "https://a.de/(b))"),
        ("https://localhost:3000", "https://localhost:3000"),
        ("a.de/x?y=#z!", "https://a.de/x?y=#z"),
        ("@ann.test", "ann.test"),
        ("(@ann.de)", "ann.de"),
        ("@ann.de.", "ann.de"),
        ("#tag.", "tag"),
        ("＃tag", "tag"),
        ("##tag", "#tag"),
        ("#" + "a" * 64, "a" * 64),
        ("$a1:", "$A1"),
    ],
)
def test_what_bluesky_links(text, value):
    assert [f.value for f in facets(text)] == [value]


@pytest.mark.parametrize(
    "text",
    [
        "@ann",
        "@ann.nosuchtld",
        "x@ann.de",
        "readme.txt",
        "HTTP://a.de",
        "x:a.de",
        "#",
        "#1",
        "#\ufe0f",
        "a#b",
        "#" + "a" * 65,
    ]
    + ["$1A", "$ABCDEF", "a$TSLA", "#!"],
)
def test_what_bluesky_does_not_link(text):
    assert facets(text) == []


def test_facets_do_not_overlap():
    assert [f.value for f in facets("https://a.de/(@b.com (@b.com")] == ["https://a.de/(@b.com", "b.com"]


# Mastodon


def test_mastodon_counts_a_link_as_23_and_a_mention_without_its_domain():
    assert count("https://a.de", "mastodon").length == 23
    assert count(f"http://{'b' * 30}.com/{'c' * 400}", "mastodon").length == 23
    assert count("https://a.de/ä_(x)", "mastodon").length == 23
    assert count("example.com", "mastodon").length == 11  # links begin with http:// or https://
    assert count("@ann@b.example, @ann@b.example!", "mastodon").length == len("@ann, @ann!")
    assert count("@ann and @ann@sub.münchen.example:3000", "mastodon").length == len("@ann and @ann")
    assert count("https://a.de/@ann@b.example", "mastodon").length == 23
    assert count("mail ann@b.example", "mastodon").length == 18


def test_mastodon_takes_500_unless_the_server_says_otherwise():
    assert count("a" * 476 + f" http://{'b' * 30}.com/example", "mastodon") == (500, 500, True, ())
    assert count("a" * 495 + f" @bob@{'b' * 30}.com", "mastodon").valid
    assert count("a" * 501, "mastodon").reasons == (
        "The text is 1 character too long for Mastodon, which takes 500.",
    )
    assert count("a" * 501, "mastodon", limit=5000) == (501, 5000, True, ())
    assert count("", "mastodon").valid


def test_what_mastodon_finds():
    assert found("#soup @ann@b.example https://a.de/x @bob ＃süß_1", "mastodon") == [
        ("hashtag", "#soup"),
        ("mention", "@ann@b.example"),
        ("url", "https://a.de/x"),
        ("mention", "@bob"),
        ("hashtag", "＃süß_1"),
    ]
    assert found("#12 x#y a.de x@ann /@ann @ @annü @b@ &#a", "mastodon") == [("mention", "@b")]
    assert found("(@a.b-c) @ann.", "mastodon") == [("mention", "@a.b-c"), ("mention", "@ann")]


# The others


@pytest.mark.parametrize(
    ("network", "limit", "unit", "name"),
    [
        ("sandbox", 500, "character", "the Sandbox"),
        ("threads", 500, "character", "Threads"),
        ("linkedin", 3000, "character", "LinkedIn"),
        ("instagram", 2200, "character", "Instagram"),
        ("facebook", 63_206, "character", "Facebook"),
        ("tiktok", 2200, "character", "TikTok"),
        ("youtube", 5000, "byte", "a YouTube description"),
        ("youtube-title", 100, "character", "a YouTube title"),
        ("pinterest", 500, "character", "a Pinterest description"),
        ("pinterest-title", 100, "character", "a Pinterest title"),
    ],
)
def test_a_network_takes_its_limit_and_no_more(network, limit, unit, name):
    assert count("a" * limit, network) == (limit, limit, True, ())
    said = count("a" * (limit + 2), network)
    assert (said.length, said.valid) == (limit + 2, False)
    assert said.reasons == (f"The text is 2 {unit}s too long for {name}, which takes {limit:,}.",)


@pytest.mark.parametrize(
    ("text", "points", "units", "size"),
    [("é", 1, 1, 2), ("字", 1, 1, 3), ("💩", 1, 2, 4), (FAMILY, 7, 11, 25)],
)
def test_units_are_code_points_utf16_or_bytes(text, points, units, size):
    assert [count(text, n).length for n in ("linkedin", "tiktok", "youtube")] == [points, units, size]


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("é字", 2),
        ("💩", 4),
        (FAMILY, 25),
        ("1\ufe0f\u20e3", 7),
        ("🇯🇵", 8),
        ("👍🏽", 8),
        ("©", 1),
        ("©\ufe0f", 5),
        ("❤️ a", 8),
        ("☺", 1),
    ],
)
def test_threads_counts_an_emoji_as_its_bytes(text, length):
    assert count(text, "threads").length == length


def test_threads_takes_five_different_links():
    links = [f"https://{c}.example.com" for c in "abcdef"]
    assert count(" ".join(links[:5] * 3), "threads").valid
    assert count(" ".join(links), "threads").reasons == (
        "Threads takes at most 5 different links; there are 6.",
    )


def test_instagram_takes_30_hashtags_and_20_mentions():
    tags, mentions = [f"#t{i}" for i in range(31)], [f"@m.{i}" for i in range(21)]
    assert count(" ".join(tags[:30] + mentions[:20]), "instagram").valid
    assert count(" ".join(tags + mentions), "instagram").reasons == (
        "Instagram takes at most 30 hashtags; there are 31.",
        "Instagram takes at most 20 mentions; there are 21.",
    )
    assert count("# " * 40 + "@ " * 40, "instagram").valid


@pytest.mark.parametrize("network", ["youtube", "youtube-title"])
def test_youtube_refuses_angle_brackets(network):
    assert count("1 < 2", network).reasons == ("YouTube refuses the characters < and >.",)


def test_what_the_others_are_read_as():
    assert found("#soup @ann.b_c-d, a.de https://b.de/x $TSLA x@y @ann.", "linkedin") == [
        ("hashtag", "#soup"),
        ("mention", "@ann.b_c-d"),
        ("url", "a.de"),
        ("url", "https://b.de/x"),
        ("mention", "@ann"),
    ]
