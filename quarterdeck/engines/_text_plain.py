"""Networks that publish a limit and little else: their units, what they refuse, and a common reading of entities.

Threads counts an emoji as its bytes of UTF-8 and takes five different links (developers.facebook.com, Threads
posts, April 2026). YouTube refuses `<` and `>` (Data API, videos resource). Instagram takes 30 hashtags and 20
mentions. What these networks will link is not published: an address is found as on X, a hashtag too, and a mention
is `@` with letters, digits and underscores of ASCII, full stops and hyphens inside.
"""

from __future__ import annotations

import regex

from quarterdeck.engines import _text_urls as urls
from quarterdeck.engines import _text_x as x
from quarterdeck.engines._text_entity import Entity, Found, apart

THREADS_LINKS = 5
INSTAGRAM_HASHTAGS = 30
INSTAGRAM_MENTIONS = 20
_LETTER = "\\p{L}\\p{M}\\p{Nd}_"
_MENTION = regex.compile(
    f"(?<![{_LETTER}/@＠#＃&.])@[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?(?![{_LETTER}])"
)
_TONED = "[\\ufe0f\U0001f3fb-\U0001f3ff]"
_EMOJI = regex.compile(
    f"[#*0-9]\\ufe0f?\\u20e3|(?:\\p{{Emoji_Presentation}}|\\p{{Extended_Pictographic}}{_TONED})"
    f"(?:{_TONED}|[\U000e0020-\U000e007f])*(?:\\u200d\\p{{Extended_Pictographic}}{_TONED}*)*"
)


def utf16(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def utf8(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())


def threads(text: str) -> int:
    """Code points, but an emoji as its bytes."""
    if text.isascii():
        return len(text)
    return len(text) + sum(len(m.encode()) - len(m) for m in _EMOJI.findall(text))


def entities(text: str) -> list[Entity]:
    found: list[Found] = [("url", a, b) for a, b in urls.find(text)] if "." in text else []
    if "@" in text:
        found += [("mention", m.start(), m.end()) for m in _MENTION.finditer(text)]
    found += x.hashtags(text)
    return apart(text, found) if found else []


def refuse_threads(text: str) -> list[str]:
    links = {e.text for e in entities(text) if e.kind == "url"} if "." in text else ()
    if len(links) <= THREADS_LINKS:
        return []
    return [f"Threads takes at most {THREADS_LINKS} different links; there are {len(links)}."]


def refuse_instagram(text: str) -> list[str]:
    if text.count("#") + text.count("＃") <= INSTAGRAM_HASHTAGS and text.count("@") <= INSTAGRAM_MENTIONS:
        return []
    kinds = [e.kind for e in entities(text)]
    most = (("hashtag", INSTAGRAM_HASHTAGS), ("mention", INSTAGRAM_MENTIONS))
    return [
        f"Instagram takes at most {n} {kind}s; there are {kinds.count(kind)}."
        for kind, n in most
        if kinds.count(kind) > n
    ]


def refuse_youtube(text: str) -> list[str]:
    return ["YouTube refuses the characters < and >."] if "<" in text or ">" in text else []
