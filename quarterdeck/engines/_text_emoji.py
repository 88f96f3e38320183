"""Emoji of several code points, found as Twitter's published parser does: the longest sequence of Unicode's list.

Single emoji need no finding: X gives them two like any other character outside its light ranges. `data/emoji.txt`
holds the fully qualified sequences of the emoji list (and keycaps without their U+FE0F); a sequence that is not on
it (a made-up family, one without its U+FE0F) is counted by its parts, as in the reference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path

TONES = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
_PART = "[^\\x00-\\x7f\\u200d\\ufe0f](?:\\ufe0f|[\U0001f3fb-\U0001f3ff])?"
_MAYBE = re.compile(
    "[#*0-9]\\ufe0f?\\u20e3|[\U0001f1e6-\U0001f1ff]{2}|\U0001f3f4[\U000e0020-\U000e007e]{1,8}\U000e007f"
    f"|{_PART}(?:\\u200d{_PART}){{1,6}}|[^\\x00-\\x7f\\u200d\\ufe0f](?:\\ufe0f|[\U0001f3fb-\U0001f3ff])"
)
# Every emoji of several code points has one of these; a text without them needs no looking.
_MARKS = re.compile("[\\u200d\\ufe0f\\u20e3\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff\U000e007f]")


@cache
def sequences() -> frozenset[str]:
    """Every emoji of two or more code points."""
    lines = (Path(__file__).parent / "data" / "emoji.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(s for line in lines if not line.startswith("# ") for s in _expand(line))


def _expand(shape: str) -> Iterator[str]:
    """A line of the data with its `=` and `+` replaced by skin tones."""
    marks = [c for c in shape if c in "=+"]
    for tones in product(TONES, repeat=len(marks)):
        if "+" not in marks or tones[0] != tones[1]:
            given = iter(tones)
            yield "".join(next(given) if c in "=+" else c for c in shape)


def find(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each emoji of several code points, left to right."""
    if not _MARKS.search(text):
        return
    known, at = sequences(), 0
    while (maybe := _MAYBE.search(text, at)) is not None:
        at = maybe.start() + 1
        for end in range(maybe.end(), at, -1):
            if text[maybe.start() : end] in known:
                yield maybe.start(), end
                at = end
                break
