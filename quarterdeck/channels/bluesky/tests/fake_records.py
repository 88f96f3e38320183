"""What the fake server takes as a post: the published lexicons app.bsky.feed.post, app.bsky.embed.images,
app.bsky.embed.external and app.bsky.richtext.facet, read anew here so that they share no code with what is tested.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

import regex

if TYPE_CHECKING:
    from quarterdeck.channels.bluesky.tests.fake_bluesky import FakeBluesky

_KNOWN = {"$type", "text", "createdAt", "facets", "langs", "embed", "reply"}
_FEATURES = {"mention": "did", "link": "uri", "tag": "tag"}


def is_key(text: str) -> bool:
    return re.fullmatch(r"[234567a-j][234567a-z]{12}", text) is not None


def check_record(fake: FakeBluesky, record: dict[str, Any]) -> str:
    """Why such a server refuses it, else the empty string. A shape we never agreed on is an AssertionError."""
    assert record.keys() <= _KNOWN, f"record {sorted(record)}"
    assert record["$type"] == "app.bsky.feed.post"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", record["createdAt"]), "createdAt"
    datetime.fromisoformat(record["createdAt"])
    raw = record["text"].encode()
    if len(raw) > 3000:
        return f"string too big (maximum 3000, got {len(raw)}) at $.text"
    if len(regex.findall(r"\X", record["text"])) > 300:
        return "grapheme too big (maximum 300) at $.text"
    langs = record.get("langs", [])
    if len(langs) > 3 or not all(re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8})*", one) for one in langs):
        return "expected a language at $.langs"
    return _facets(raw, record.get("facets", [])) or _reply(fake, record) or _embed(fake, record)


def _facets(raw: bytes, facets: list[dict]) -> str:
    for facet in facets:
        assert facet.keys() == {"index", "features"}, "facet"
        start, end = facet["index"]["byteStart"], facet["index"]["byteEnd"]
        assert 0 <= start < end <= len(raw), "a facet beyond the text"
        raw[:start].decode(), raw[start:end].decode()  # not inside a character
        for feature in facet["features"]:
            kind = feature["$type"].removeprefix("app.bsky.richtext.facet#")
            assert feature.keys() == {"$type", _FEATURES[kind]}, "feature"
            if kind == "mention" and not feature["did"].startswith("did:"):
                return "expected a DID at $.facets"
    return ""


def _reply(fake: FakeBluesky, record: dict[str, Any]) -> str:
    for which in ("root", "parent") if "reply" in record else ():
        reference = record["reply"][which]
        assert reference.keys() == {"uri", "cid"}, "reply"
        did, path = reference["uri"].removeprefix("at://").split("/", 1)
        there = fake.accounts[did].records.get(path)
        assert there, f"there is no such {which}"
        assert there["cid"] == reference["cid"], f"the {which} has another content identifier"
    return ""


def _embed(fake: FakeBluesky, record: dict[str, Any]) -> str:
    embed = record.get("embed")
    if embed is None:
        return ""
    if embed.get("$type") == "app.bsky.embed.external":
        return _external(fake, embed)
    assert embed.keys() == {"$type", "images"}, "embed"
    assert embed["$type"] == "app.bsky.embed.images", "embed"
    if len(embed["images"]) > 4:
        return "array too big (maximum 4) at $.embed.images"
    for image in embed["images"]:
        assert {"image", "alt"} <= image.keys() <= {"image", "alt", "aspectRatio"}, "image"
        if fake.blobs.get(image["image"]["ref"]["$link"]) != image["image"]:
            return "Could not find blob"
        if image["image"]["size"] > 2_000_000:
            return "blob too big (maximum 2000000) at $.embed.images"
        ratio = image.get("aspectRatio", {"width": 1, "height": 1})
        assert ratio.keys() == {"width", "height"}, "aspectRatio"
        assert min(ratio.values()) >= 1, "aspectRatio"
    return ""


def _external(fake: FakeBluesky, embed: dict[str, Any]) -> str:
    assert embed.keys() == {"$type", "external"}, "embed"
    external = embed["external"]
    assert {"uri", "title", "description"} <= external.keys() <= {"uri", "title", "description", "thumb"}, (
        "external"
    )
    assert all(isinstance(external[name], str) for name in ("uri", "title", "description")), "external"
    assert "://" in external["uri"], "uri"
    thumb = external.get("thumb")
    if thumb is not None:
        if fake.blobs.get(thumb["ref"]["$link"]) != thumb:
            return "Could not find blob"
        if thumb["size"] > 1_000_000:
            return "blob too big (maximum 1000000) at $.embed.external.thumb"
    return ""
