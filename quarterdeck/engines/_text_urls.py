"""Web addresses in running text as twitter-text 3.1 finds them (Apache-2.0, (c) Twitter, Inc.), in linear time.

The published grammar is one regular expression that tries every split of a host name; here the run of host
characters around a full stop is judged once, from its right end, which gives the same addresses without the
backtracking. Not claimed: that a host exists. Departures from the published code: top-level domains are this
year's; text is read by code points, so half an emoji is never taken for a character of its own; letters are
compared without regard to case within ASCII and in written top-level domains only; and where ASCII hosts stand
within a longer host without protocol, their place and length are those in the text, where the reference looks for
their spelling again and may find the wrong one.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

SPACES = "\\t-\\r \\x85\\xa0\\u1680\\u180e\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000"
PUNCTUATION = "!'#%&()*+,\\\\\\-./:;<=>?@\\[\\]\\^_{|}~$"
DIRECTIONS = "\\u202a-\\u202e\\u061c\\u200e\\u200f\\u2066-\\u2069"
REFUSED = "\\ufffe\\ufeff\\uffff"
LATIN = (
    "\\xc0-\\xd6\\xd8-\\xf6\\xf8-\\u024f\\u0253\\u0254\\u0256\\u0257\\u0259\\u025b\\u0263\\u0268\\u026f\\u0272"
    "\\u0289\\u028b\\u02bb\\u0300-\\u036f\\u1e00-\\u1eff"
)
HOST = f"[^{PUNCTUATION}{SPACES}{REFUSED}{DIRECTIONS}]"
LONGEST = 4096  # UTF-16 units, the protocol counted twice as the reference does
SLUG = 40

_RUN = re.compile(f"(?:{HOST}|[-_.])+")
_DOT = re.compile(rf"(?<={HOST})\.(?={HOST})")
_NOT_RUN = re.compile(f"[!'#%&()*+,\\\\/:;<=>?@\\[\\]\\^{{|}}~${SPACES}{REFUSED}{DIRECTIONS}]")
_BEFORE = re.compile(f"[^A-Za-z0-9@＠$#＃{REFUSED}]")  # what may stand before an address
_PROTOCOL = re.compile("[Hh][Tt][Tt][Pp][Ss]?")
_ASCII_LABELS = re.compile(rf"(?:[-A-Za-z0-9{LATIN}]+\.)+")
_ALNUM = re.compile("[0-9A-Za-z]+")
_PUNYCODE = re.compile("[Xx][Nn]--[-0-9A-Za-z]+")
_AFTER_TLD = frozenset("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ@+-")
_LETTERS = f"A-Za-z\\u0400-\\u04ff0-9{LATIN}"
_GENERAL = rf"[{_LETTERS}!*';:=+,.$/%#\[\]\-\u2013_~@|&]"
_BALANCED = rf"\((?:{_GENERAL}+|{_GENERAL}*\({_GENERAL}+\){_GENERAL}*)\)"
_ENDING = rf"[+\-{_LETTERS}=_#/]"
_PART = f"(?:{_GENERAL}*(?:{_BALANCED}{_GENERAL}*)*{_ENDING}|{_BALANCED}|@{_GENERAL}+/)"
_QUERY = r"\?[-A-Za-z0-9!?*'@();:&=+$/%#\[\]_.,~|]*[-A-Za-z0-9_&=#/]"
_TAIL = re.compile(f"(?::[0-9]+)?(/{_PART}*)?(?:{_QUERY})?")  # port, path (group 1), query
_TCO = re.compile(rf"[Hh][Tt][Tt][Pp][Ss]?://[Tt]\.[Cc][Oo]/([A-Za-z0-9]+)(?:{_QUERY})?")


class Span(NamedTuple):
    start: int
    end: int


@cache
def top_level() -> tuple[frozenset[str], dict[str, list[str]]]:
    """The ASCII top-level domains, and the written international ones by first letter, longest first."""
    lines = (Path(__file__).parent / "data" / "tlds.txt").read_text(encoding="utf-8").splitlines()
    names = [line for line in lines if not line.startswith("# ")]
    written: dict[str, list[str]] = {}
    for name in sorted((n for n in names if not n.isascii()), key=lambda n: (-len(n), n)):
        written.setdefault(name[0], []).append(name)
    return frozenset(n for n in names if n.isascii()), written


def find(text: str, bare: bool = True) -> list[Span]:
    """The addresses in `text`, left to right, in code points; `bare`: also those without http:// or https://."""
    found: list[Span] = []
    at = low = 0
    while (dot := _DOT.search(text, at)) is not None:
        begin = dot.start()
        while begin > at and not _NOT_RUN.match(text, begin - 1):
            begin -= 1
        run = _RUN.match(text, begin)
        assert run is not None
        at = run.end()
        host = _Run(text, begin, at).find(low)
        if host is None:
            continue
        rest = _TAIL.match(text, host.end)
        assert rest is not None
        at = rest.end()
        start = _protocol_start(text, begin, low) if host.start == begin else -1
        low = at + 1  # the last character of an address is not the one before the next
        name, path = text[host.start : host.end], bool(rest.group(1))
        whole = text[start if start >= 0 else host.start : at]
        if not _valid(whole, text[start:begin] if start >= 0 else "https://", name):
            continue
        if start >= 0:
            found += _with_protocol(text, start, at)
        elif bare and (host.start == 0 or text[host.start - 1] not in "-_./"):
            found += _without_protocol(host.start, name, at if path else 0)
    return found


class _Run:
    """A run of host characters, `-`, `_` and `.`: for a start within it, where the longest host ends."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text, self.start = text, start
        self.dots = [i for i in range(start, end) if text[i] == "."]
        self.tld = [_tld_end(text, dot + 1, len(text)) for dot in self.dots]
        self.best = [-1] * (
            len(self.dots) + 1
        )  # per dot: end of the longest host whose label before it is whole
        for k in range(len(self.dots) - 1, -1, -1):
            self.best[k] = self._from(k, (self.dots[k - 1] if k else start - 1) + 1)

    def _from(self, k: int, start: int) -> int:
        """End of the longest host whose first label is text[start:dots[k]], or -1."""
        text, dot = self.text, self.dots[k]
        if dot <= start or text[start] in "-_." or text[dot - 1] in "-_":
            return -1
        if self.best[k + 1] >= 0:
            return self.best[k + 1]
        return self.tld[k] if text.find("_", start, dot) < 0 else -1

    def find(self, low: int) -> Span | None:
        """The first host that starts at or after `low` and may start there, else None.

        At the very start of a text the published expression prefers a host behind its first character.
        """
        text, start = self.text, self.start
        if start == low == 0 and _BEFORE.match(text):
            end = self._from(0, 1)
            if end >= 0:
                return Span(1, end)
        for k, dot in enumerate(self.dots):
            if self.best[k + 1] >= 0 or self.tld[k] >= 0:
                for at in range(max(start, low), dot):
                    if text[at] not in "-_." and _may_begin(text, at):
                        end = self._from(k, at)
                        if end >= 0:
                            return Span(at, end)
            start = dot + 1
        return None


def _tld_end(text: str, at: int, end: int) -> int:
    """Where the top-level domain that starts at `at` ends, or -1. `end` counts as the end of the text."""
    plain, written = top_level()
    for name in written.get(text[at : at + 1].lower(), ()):
        stop = at + len(name)
        if stop <= end and text[at:stop].lower() == name and (stop == end or text[stop] not in _AFTER_TLD):
            return stop
    word = _ALNUM.match(text, at, end)
    if word is None:
        return -1
    stop = word.end()
    if word.group().lower() in plain and (stop == end or text[stop] not in _AFTER_TLD):
        return stop
    coded = _PUNYCODE.match(text, at, end)
    return coded.end() if coded else -1


def _may_begin(text: str, at: int) -> bool:
    return at == 0 or _BEFORE.match(text, at - 1) is not None


def _protocol_start(text: str, at: int, low: int) -> int:
    """Where a protocol that ends at `at` begins, if an address may begin there, else -1."""
    if text[max(at - 3, 0) : at] != "://":
        return -1
    for start in (at - 7, at - 8):
        if start >= low and _PROTOCOL.fullmatch(text, start, at - 3):
            return start if _may_begin(text, start) else -1
    return -1


def _with_protocol(text: str, start: int, end: int) -> list[Span]:
    """The address itself, cut behind the slug when it is one of t.co, where nothing else may follow."""
    short = _TCO.match(text, start, end)
    if short is None:
        return [Span(start, end)]
    return [] if len(short.group(1)) > SLUG else [Span(start, short.end())]


def _without_protocol(start: int, host: str, end: int) -> list[Span]:
    """The ASCII hosts within a host at `start`; the last goes on to `end` where that is given."""
    hosts = [Span(start + a, start + b) for a, b in _ascii_hosts(host)]
    if hosts and end:
        hosts[-1] = Span(hosts[-1].start, end)
    return hosts


def _ascii_hosts(host: str) -> list[Span]:
    """The parts of a host that are ASCII (or accented Latin) hosts themselves."""
    found, at = [], 0
    while (labels := _ASCII_LABELS.search(host, at)) is not None:
        at = labels.end()
        dot = at - 1
        while dot > labels.start():
            end = _tld_end(host, dot + 1, len(host))
            if end >= 0:
                found.append(Span(labels.start(), end))
                at = end
                break
            dot = host.rfind(".", labels.start(), dot)
    return found


def _valid(url: str, protocol: str, host: str) -> bool:
    """Whether the host can be coded for the DNS and the whole is not too long."""
    if host.startswith("xn--") and not _ascii_hosts(host):
        return False
    if not all(_label_fits(label) for label in host.split(".")):
        return False
    return len(protocol) + len(url) + sum(c > "\uffff" for c in url) <= LONGEST


def _label_fits(label: str) -> bool:
    """Whether a label is 1 to 63 characters when coded for the DNS (RFC 3492, and IDNA's four full stops)."""
    if label.isascii():
        return 0 < len(label) <= 63
    if len(label) > 63:
        return False
    parts = re.split("[.\u3002\uff0e\uff61]", label)
    coded = [p if p.isascii() else "xn--" + p.encode("punycode").decode() for p in parts]
    return 0 < len(".".join(coded)) <= 63
