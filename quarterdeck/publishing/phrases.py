"""What {names} and links become on a network. A post keeps what its names and links stood for when it was saved
(`Post.terms`), so that what was approved is what goes out, whatever the book says by then.

terms: {"names": {name: {network: handle}}, "links": {host: parameters}, "short": {address as it would go out: its short
address}}; only what the post uses.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

from quarterdeck.channels.by_hand import TITLES
from quarterdeck.publishing import lint, shortening
from quarterdeck.publishing.models import Phrase

_NAME = re.compile(r"\{([^{}\n]{1,80})\}")
_MAY_LINK = re.compile(r"\w\.\w")


def kept(workspace_id: UUID) -> list[Phrase]:
    """Every entry of the workspace's book, by kind and name."""
    return list(
        Phrase.objects.filter(workspace=workspace_id, removed_at__isnull=True).order_by("kind", "name")
    )


def terms(workspace_id: UUID, posts: Sequence[Sequence[str]]) -> list[dict[str, dict]]:
    """What the names and links in the texts of each of these posts stand for now; empty where none is in the book.
    The book is asked once for all."""
    book = Phrase.objects.filter(workspace=workspace_id, removed_at__isnull=True)
    names = {name for words in posts for text in words for name in _NAME.findall(text)}
    linking = any(_MAY_LINK.search(text) for words in posts for text in words)
    handles = book.filter(kind=Phrase.Kind.NAME, name__in=names) if names else ()
    rules = book.filter(kind=Phrase.Kind.LINK) if linking else ()
    book_of_names, book_of_links = {p.name: p.value for p in handles}, {p.name: p.value for p in rules}
    base = shortening.base() if any(rule.get("short") for rule in book_of_links.values()) else ""
    every = [
        {"names": _names(words, book_of_names)} | _links(words, book_of_links, base, workspace_id)
        for words in posts
    ]
    return [{what: values for what, values in found.items() if values} for found in every]


def _names(words: Sequence[str], book: Mapping[str, dict]) -> dict[str, dict]:
    used = {name for text in words for name in _NAME.findall(text)} if book else set()
    return {name: book[name] for name in sorted(used) if name in book}


def _links(
    words: Sequence[str], book: Mapping[str, dict], base: str, workspace_id: UUID
) -> dict[str, dict[str, str]]:
    """The rules that these texts use, and the short addresses. Looked for only where there are rules: that costs."""
    urls = sorted({url for text in words for url in lint.links(text)}) if book else []
    ruled = [(url, book[host]) for url in urls if (host := _host(url)) in book]
    short = {
        whole: base + shortening.code(workspace_id, whole)
        for url, rule in ruled
        if base and rule.get("short")
        for whole in sorted({added(url, rule["add"], network) for network in (*TITLES, "sandbox")})
    }
    return {"links": {_host(url): rule["add"] for url, rule in ruled}, "short": short}


def resolved(text: str, known: Mapping[str, dict], network: str) -> str:
    """The text as it goes out on a network. A name without a handle there stays a plain name."""
    if not known:
        return text
    names = known.get("names", {})
    text = _NAME.sub(lambda m: (names[m[1]].get(network) or m[1]) if m[1] in names else m[0], text)
    for url in sorted(_written(text), key=len, reverse=True):
        rule = known.get("links", {}).get(_host(url))
        if rule is not None:
            made = added(url, rule, network)
            made, end = known.get("short", {}).get(made, made), r"(?![\w/?#&=%-])"
            text = re.sub(re.escape(url) + end, lambda _, made=made: made, text)
    return text


def added(url: str, rule: str, network: str) -> str:
    """A link with the rule's parameters; those that it has already stay as they are."""
    whole = urlsplit(_whole(url))
    has = {pair.partition("=")[0] for pair in whole.query.split("&")}
    given = rule.replace("{network}", network).split("&") if rule else []
    more = [p for p in given if p.partition("=")[0] not in has]
    query = "&".join([part for part in [whole.query] if part] + more)
    return urlunsplit(whole._replace(query=query))


def _written(text: str) -> set[str]:
    """The links of a text as they are written there."""
    return {url if url in text else url.removeprefix("https://") for url in lint.links(text)}


def _whole(url: str) -> str:
    return url if "://" in url else f"https://{url}"


def _host(url: str) -> str:
    return (urlsplit(_whole(url)).hostname or "").removeprefix("www.")
