"""Whether an edit is so small that a policy may let the approval stand. Pure.

Small means all of this, of the text people approved (not of the last small edit, so that they do not add up):

- the same number of parts, in every part the same images with the same descriptions;
- in every part, the same heavy words in the same order. A word is what stands between white space, less the marks
  `. , ; : ! ? …`, quotes and brackets around it. It is heavy when it holds a digit, an upper-case letter (a name, the
  beginning of a sentence), any sign that is no letter but an apostrophe or a hyphen inside a word (a link, a mention, a
  hashtag, an amount, an emoji), or no letter at all;
- every flagged phrase as often as before;
- at most ten characters inserted, deleted or replaced, over all parts together (Levenshtein, 1966).
"""

from __future__ import annotations

from collections.abc import Sequence

MOST = 10
_AROUND = ".,;:!?…\"'“”‘’„«»()[]"
_INSIDE = "'’-‐‑"


def is_small(before: Sequence[dict], after: Sequence[dict], phrases: Sequence[str] = ()) -> bool:
    """Whether `after` differs so little from `before`: parts as in `Post.parts`; `phrases` flag a claim."""
    if len(before) != len(after):
        return False
    for was, now in zip(before, after, strict=True):
        if _pictures(was) != _pictures(now) or heavy(was["text"]) != heavy(now["text"]):
            return False
    if any(_times(phrase, before) != _times(phrase, after) for phrase in phrases):
        return False
    left = MOST
    for was, now in zip(before, after, strict=True):
        distance = within(was["text"], now["text"], left)
        if distance is None:
            return False
        left -= distance
    return True


def heavy(text: str) -> list[str]:
    """The words of a text that a small edit may not touch, in their order."""
    return [word for one in text.split() if (word := one.strip(_AROUND) or one) and _is_heavy(word)]


def _is_heavy(word: str) -> bool:
    if not any(c.isalpha() for c in word):
        return any(c not in _AROUND for c in word)
    return any(not (c.isalpha() or c in _INSIDE) or c.isupper() or c.istitle() for c in word)


def _pictures(part: dict) -> list[tuple[str, str]]:
    return [(image["sha256"], image["alt"]) for image in part["images"]]


def _times(phrase: str, parts: Sequence[dict]) -> int:
    wanted = " ".join(phrase.casefold().split())
    return sum(" ".join(part["text"].casefold().split()).count(wanted) for part in parts) if wanted else 0


def within(a: str, b: str, most: int) -> int | None:
    """The Levenshtein distance of two texts, None when it is more than `most`. Only a band of 2 * most + 1 is looked
    at (Ukkonen, 1985), after what both begin and end with."""
    start = 0
    while start < len(a) and start < len(b) and a[start] == b[start]:
        start += 1
    end = 0
    while end < min(len(a), len(b)) - start and a[-1 - end] == b[-1 - end]:
        end += 1
    a, b = a[start : len(a) - end], b[start : len(b) - end]
    if abs(len(a) - len(b)) > most:
        return None
    far = most + 1
    row = {j: j for j in range(min(len(b), most) + 1)}
    for i, c in enumerate(a, 1):
        following: dict[int, int] = {}
        for j in range(max(0, i - most), min(len(b), i + most) + 1):
            if j == 0:
                following[0] = i
                continue
            changed = row.get(j - 1, far) + (c != b[j - 1])
            following[j] = min(changed, row.get(j, far) + 1, following.get(j - 1, far) + 1)
        row = following
        if min(row.values()) > most:
            return None
    distance = row.get(len(b), far)
    return distance if distance <= most else None
