# mypy: allow-untyped-defs, allow-incomplete-defs
"""The loops of `_bursts_kernel` in plain Python, on the same arrays: slow, and what the kernel must equal.

Also what runs where numba is not installed. Tables, arguments and results are those described there.
"""

from __future__ import annotations

import numpy as np

from quarterdeck.engines import _bursts_text as text

LOW32, LOW16 = 0xFFFFFFFF, 0xFFFF
PROBES, CAP, FEATURES = 8, 64, 255
MASK = text.MASK
F = np.float32


def tokenise(points, kinds, hashes, ends, prints):
    used = 0
    texts = points.tobytes().decode("utf-32-le", "surrogatepass").split("\0")[:-1]
    for post, form in enumerate(texts):
        spelled = text.spell(form, normalised=True)
        for _, value, _ in spelled:
            hashes[used] = value
            used += 1
        features = [value for _, value, telling in spelled if telling] or [value for _, value, _ in spelled]
        prints[post] = _majority(features[:FEATURES])
        ends[post] = used
    return used


def _majority(features: list[int]) -> int:
    if not features:
        return 0
    values = np.array(features, np.uint64)
    counts = [int((values >> np.uint64(bit) & np.uint64(1)).sum()) for bit in range(64)]
    return sum(1 << bit for bit, count in enumerate(counts) if count > len(features) // 2)


def names(points, salt, odd, hashes):
    texts = points.tobytes().decode("utf-32-le", "surrogatepass").split("\0")[:-1]
    for i, name in enumerate(texts):
        value = int(salt)
        for letter in name:
            value = (value ^ ord(letter)) * int(odd) & MASK
            value ^= value >> 32
        hashes[i] = text.mix(value)


def _bit(source: int) -> int:
    level, low = source >> 58, source & LOW32
    if level >= 8:
        return 1 << (low * 40 >> 32)
    if level:
        return 1 << 40 + (low * 14 >> 32)
    return 1 << 54 + (low * 10 >> 32)


def _copied(print_, stamp, prints, stamps, horizon) -> bool:
    rows = [(band, print_ >> 16 * band & LOW16) for band in range(4)]
    for place in rows:
        if int(stamp) - int(stamps[place]) <= horizon and (int(prints[place]) ^ print_).bit_count() <= 3:
            return True
    for place in rows:
        prints[place] = print_
        stamps[place] = stamp
    return False


def note(lo, hi, serial, stamp, hashes, ends, posts, recent, shared, exposure, queue, lost):
    fingerprints, sources, groups, languages = posts
    prints, stamps, loads, horizon = shared
    touched, queued = queue
    for post in range(lo, hi):
        source, language = int(sources[post]), int(languages[post])
        load = source & len(loads) - 1
        first = int(ends[post - 1]) if post else 0
        if loads[load] >= CAP or first == ends[post]:
            continue
        if _copied(int(fingerprints[post]), stamp, prints, stamps, horizon):
            continue
        loads[load] += 1
        exposure[language] += 1.0
        salt = language * text.PAIR_SEED & MASK
        number = (serial + post & LOW32) << 32
        for value in hashes[first : ends[post]].tolist():
            row = _place(text.mix(value ^ salt) | 1, recent, lost)
            before, bit = int(recent[row, 1]), _bit(source)
            recent[row, 1] = before | bit
            recent[row, 3] = number | int(recent[row, 3]) & LOW32 | 1 << (int(groups[post]) & 15)
            seen = before | bit | int(recent[row, 2])
            if not before & bit and not queued[row] and seen.bit_count() >= 3:
                touched[0] += 1
                touched[touched[0]] = row
                queued[row] = True


def _place(key: int, recent, lost) -> int:
    """The row of a key, which takes an empty one or, when there is none, that with the fewest sources."""
    home = key >> 31 & len(recent) - 1
    rows = [home + probe & len(recent) - 1 for probe in range(PROBES)]
    for row in rows:
        if int(recent[row, 0]) in (0, key):
            recent[row, 0] = key
            return row
    row = min(rows, key=lambda row: (int(recent[row, 1]) | int(recent[row, 2])).bit_count())
    _lose(recent[row], lost)
    recent[row] = (key, 0, 0, 0)
    return row


def _lose(row, lost) -> None:
    if int(lost[0, 0]) < len(lost) - 1:
        lost[0, 0] += np.uint64(1)
        lost[int(lost[0, 0])] = row


def estimate(bitmap, curve) -> float:
    bitmap = int(bitmap)
    a = (bitmap & (1 << 40) - 1).bit_count()
    b = (bitmap >> 40 & (1 << 14) - 1).bit_count()
    c = (bitmap >> 54).bit_count()
    if a <= 36:
        return float(curve[0, a] + curve[1, b] + curve[2, c])
    if b <= 12:
        return float((curve[1, b] + curve[2, c]) * 8.0)
    return float(curve[2, c] * 64.0)


def fold(rows, column, block, long, sums, decay, curve, out):
    for row in rows:
        if not int(row[column]):
            continue
        count, tag = estimate(row[column], curve), int(row[0]) & LOW32
        base = (int(row[0]) >> 32 & len(long) // 4 - 1) * 4
        line = range(base, base + 4)
        weight = [_left(long[i], block, decay) for i in line]
        held = [i for i in line if int(long[i, 0]) == tag]
        if held:
            chosen, kept = held[0], decay[min(block - int(long[held[0], 3]), len(decay) - 1)]
        else:
            sizes = [sums[i, 1] * w if long[i, 0] else F(-1) for i, w in zip(line, weight, strict=True)]
            least = min(range(4), key=lambda i: float(sizes[i]))
            chosen, kept = base + least, F(0)
            if long[chosen, 0]:
                out[0] += 1.0
                out[1] += float(sizes[least])
        long[chosen, 0] = tag
        sums[chosen, 1] = F(sums[chosen, 1] * kept + F(count))
        sums[chosen, 2] = F(sums[chosen, 2] * kept + F(count * max(count - 1.0, 0.0)))
        long[chosen, 3] = block


def _left(row, block, decay):
    return decay[min(block - int(row[3]), len(decay) - 1)] if row[0] else F(0)


def turn(recent, fresh, lost):
    for old in recent[recent[:, 1] != 0]:
        home = int(old[0]) >> 31 & len(recent) - 1
        rows = [home + probe & len(recent) - 1 for probe in range(PROBES)]
        empty = [row for row in rows if not int(fresh[row, 0])]
        if not empty:
            _lose(old, lost)
            continue
        meta = int(old[3])
        fresh[empty[0]] = (old[0], 0, old[1], meta & LOW32 << 32 | (meta & LOW16) << 16)


def weigh(touched, recent, block, long, sums, decay, curve, out):
    filled = 0
    for row in touched[1 : touched[0] + 1].tolist():
        key, now, before, meta = (int(value) for value in recent[row])
        count = estimate(now | before, curve)
        if count < 3.0 or ((meta | meta >> 16) & LOW16).bit_count() < 2:
            continue
        base = (key >> 32 & len(long) // 4 - 1) * 4
        held = [i for i in range(base, base + 4) if int(long[i, 0]) == key & LOW32]
        total = squares = 0.0
        if held:
            kept = _left(long[held[0]], block, decay)
            total, squares = float(sums[held[0], 1] * kept), float(sums[held[0], 2] * kept)
        out[filled] = (row, count, total, squares, meta >> 32)
        filled += 1
    return filled
