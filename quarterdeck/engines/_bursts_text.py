"""What `bursts` reads in a text: its normal form, the class of each character, the constants of its hashes.

Normal form: NFKC, then case folding, then NFKC again (Unicode, chapter 3: compatibility caseless matching). Terms:
words (runs of letters, digits and marks, inner apostrophes kept, `#` and `@` kept when they start a word),
pairs of adjacent words, pairs of adjacent characters of scripts written without spaces (Han, Kana, Hangul,
Thai, Lao, Khmer, Myanmar), and web addresses as host, path and query without `www.`, a last slash, `utm_`
parameters and fragments. Words above 64 characters are no term; what follows the first 10,000 characters of a
text, or its first 512 terms, is not read.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Sequence

import numpy as np

OTHER, WORD, IDEOGRAM, TAG, JOIN, SPACE = range(6)
LONGEST_WORD = 64
LONGEST_TEXT = 10_000
MOST_TERMS = 512
MASK = (1 << 64) - 1
SEED, PAIR_SEED, ADDRESS_SEED = 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9
PRIME, FINAL = 0x100000001B3, 0xFF51AFD7ED558CCD
_SCRIPTS = (
    (0x0E00, 0x0EFF),
    (0x1000, 0x109F),
    (0x1100, 0x11FF),
    (0x1780, 0x17FF),
    (0x3040, 0x30FF),
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xAC00, 0xD7AF),
    (0xF900, 0xFAFF),
    (0x20000, 0x323AF),
)


@functools.cache
def classes() -> np.ndarray:
    """uint8 of shape (0x110000,): the class of each code point."""
    table = np.zeros(0x110000, np.uint8)
    for point in range(0x110000):
        category = unicodedata.category(chr(point))
        if category[0] in "LNM" or category == "Pc":
            table[point] = WORD
        elif category[0] == "Z" or category == "Cc":
            table[point] = SPACE
    for low, high in _SCRIPTS:
        block = table[low : high + 1]
        block[block == WORD] = IDEOGRAM
    table[[ord("#"), ord("@")]] = TAG
    table[[ord("'"), 0x2019]] = JOIN
    table.setflags(write=False)
    return table


def normal(text: str) -> str:
    """The normal form of a text; a code point 0 becomes a space, the rest of a long text is dropped."""
    text = text[:LONGEST_TEXT].replace("\0", " ")
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return text[:LONGEST_TEXT].replace("\u2019", "'")


def points(texts: Sequence[str]) -> np.ndarray:
    """uint32 code points of the normal forms, each text ended by a 0."""
    joined = "\0".join([text[:LONGEST_TEXT].lower() if text.isascii() else normal(text) for text in texts])
    if joined.count("\0") != len(texts) - 1:
        joined = "\0".join([normal(text) for text in texts])
    return np.frombuffer((joined + "\0").encode("utf-32-le", "surrogatepass"), np.uint32)


def spell(text: str, *, normalised: bool = False, hashed: bool = True) -> list[tuple[str, int, bool]]:
    """The terms of a text in the order the kernels hash them: as written, the hash, whether it tells copies.

    Without hashed, the hashes are 0 (they are most of the time this takes).
    Copies are told by words and characters, not by pairs, addresses, mentions or numbers, which robots vary.
    """
    form = text[:LONGEST_TEXT] if normalised else normal(text)
    found: list[tuple[str, int, bool]] = []
    hash_of = hash_word if hashed else _no_hash
    kinds = classes()[np.frombuffer(form.encode("utf-32-le", "surrogatepass"), np.uint32)]
    at, previous, last = 0, None, 0
    while at < len(form) and len(found) < MOST_TERMS:
        if _starts_word(kinds, at):
            end = _word_end(kinds, at)
            word = form[at:end]
            if word in ("http", "https") and form[end : end + 3] == "://":
                start = end + 3
                while end < len(form) and kinds[end] != SPACE:
                    end += 1
                address = _address(form[start:end])
                found.append((address, hash_of(address, ADDRESS_SEED), False))
                previous = None
            elif len(word) > LONGEST_WORD:
                previous = None
            else:
                value = hash_of(word)
                digits = all("0" <= letter <= "9" for letter in word)
                found.append((word, value, not digits and word[0] != "@"))
                if previous is not None:
                    found.append((f"{previous} {word}", hash_pair(last, value), False))
                previous, last = word, value
            at = end
        elif kinds[at] == IDEOGRAM:
            end = at
            while end < len(form) and kinds[end] == IDEOGRAM:
                end += 1
            width = min(2, end - at)
            for first in range(at, end - width + 1):
                pair = form[first : first + width]
                found.append((pair, hash_of(pair), True))
            at, previous = end, None
        else:
            at += 1
    return found[:MOST_TERMS]


def is_ideogram(letters: str) -> bool:
    """Whether a term starts in a script written without spaces."""
    return bool(letters) and classes()[ord(letters[0])] == IDEOGRAM


def _starts_word(kinds: np.ndarray, at: int) -> bool:
    if kinds[at] == WORD:
        return True
    follows = at + 1 < len(kinds) and kinds[at + 1] == WORD
    return kinds[at] == TAG and follows and (at == 0 or kinds[at - 1] != WORD)


def _word_end(kinds: np.ndarray, at: int) -> int:
    end = at + 1
    while end < len(kinds):
        inner = kinds[end] == JOIN and end + 1 < len(kinds) and kinds[end + 1] == WORD
        if kinds[end] != WORD and not inner:
            break
        end += 1
    return end


def _address(rest: str) -> str:
    """Host, path and query of an address after its `://`, without www., utm_ parameters and the fragment."""
    rest = rest.removeprefix("www.").split("#")[0]
    path, *query = rest.replace("&", "?").split("?")
    kept = [part for part in query if not part.startswith("utm_")]
    return "?".join([path, *kept]).rstrip("/?")


def mix(value: int) -> int:
    value = (value ^ (value >> 33)) * FINAL & MASK
    return value ^ (value >> 29)


def hash_word(word: str, seed: int = SEED) -> int:
    """The hash of a word, a pair of characters or (with its seed) an address in normal form: 64 bits."""
    value = seed
    for letter in word:
        value = (value ^ ord(letter)) * PRIME & MASK
        value ^= value >> 31
    return mix(value)


def _no_hash(word: str, seed: int = SEED) -> int:
    return 0


def hash_pair(first: int, second: int) -> int:
    return mix((first * PAIR_SEED + second) & MASK)
