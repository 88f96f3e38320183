# mypy: allow-untyped-defs, allow-incomplete-defs
"""The inner loops of `bursts`, compiled by numba: `_bursts_reference` states the same in plain Python.

Recent table: uint64 of shape (slots, 4), a row a term seen in the last two half-hours: key, source bitmap of
this half-hour, source bitmap of the one before, and number of the last post (high 32 bits) with the group
bitmaps of both (16 bits each, this half-hour lower). A key is looked for in 8 rows from its home. Long table:
uint32 of shape (slots, 4), one cache line for four terms: tag, decayed sum of counts and of count (count - 1)
as float32, half-hour of the last change.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from quarterdeck.engines import _bursts_text as text

U = np.uint64
SEED, PAIR, ADDRESS = U(text.SEED), U(text.PAIR_SEED), U(text.ADDRESS_SEED)
PRIME, FINAL = U(text.PRIME), U(text.FINAL)
WORD, IDEOGRAM, TAG, JOIN, SPACE = text.WORD, text.IDEOGRAM, text.TAG, text.JOIN, text.SPACE
LONGEST_WORD, LONGEST_TEXT, MOST_TERMS = text.LONGEST_WORD, text.LONGEST_TEXT, text.MOST_TERMS
ZERO, ONE, LOW32, LOW16 = U(0), U(1), U(0xFFFFFFFF), U(0xFFFF)
S16, S29, S31, S32, S33, S58 = U(16), U(29), U(31), U(32), U(33), U(58)
PROBES = 8
CAP = 64
FEATURES = 255


@njit(cache=True, inline="always")
def _mix(value):
    value = (value ^ (value >> S33)) * FINAL
    return value ^ (value >> S29)


@njit(cache=True, inline="always")
def _step(value, point):
    value = (value ^ U(point)) * PRIME
    return value ^ (value >> S31)


@njit(cache=True, inline="always")
def _ones(value):
    value = value - ((value >> ONE) & U(0x5555555555555555))
    value = (value & U(0x3333333333333333)) + ((value >> U(2)) & U(0x3333333333333333))
    value = (value + (value >> U(4))) & U(0x0F0F0F0F0F0F0F0F)
    return (value * U(0x0101010101010101)) >> U(56)


@njit(cache=True)
def _address(points, kinds, at, end):
    """The hash of an address that starts after its `://`, and where it ends."""
    wide = at + 4 <= end and points[at] == 119 and points[at + 1] == 119 and points[at + 2] == 119
    if wide and points[at + 3] == 46:
        at += 4
    value = ADDRESS
    kept = value
    skipped = False
    while at < end and kinds[points[at]] != SPACE:
        point = points[at]
        if point == 35:
            while at < end and kinds[points[at]] != SPACE:
                at += 1
            break
        if point == 63 or point == 38:
            skipped = (
                at + 4 < end
                and points[at + 1] == 117
                and points[at + 2] == 116
                and points[at + 3] == 109
                and points[at + 4] == 95
            )
            point = 63
        if not skipped:
            value = _step(value, point)
            if point != 63 and point != 47:
                kept = value
        at += 1
    return _mix(kept), at


@njit(cache=True)
def _planes_add(planes, value):
    """Add one to the bit-sliced counter of every bit set in value."""
    for i in range(8):
        carry = planes[i] & value
        planes[i] ^= value
        value = carry
        if value == ZERO:
            break


@njit(cache=True)
def _majority(planes, total):
    """The bits whose bit-sliced counter is above half of total."""
    half = total // 2
    above = ZERO
    equal = ~ZERO
    for i in range(7, -1, -1):
        if (half >> i) & 1:
            equal &= planes[i]
        else:
            above |= equal & planes[i]
            equal &= ~planes[i]
    return above


@njit(cache=True)
def tokenise(points, kinds, hashes, ends, prints):
    """Fill hashes with the terms of each text, ends with where each text's terms end, prints with SimHashes."""
    planes = np.zeros(8, np.uint64)
    at, used = 0, 0
    for post in range(len(ends)):
        stop = at
        while points[stop] != 0:
            stop += 1
        end = min(stop, at + LONGEST_TEXT)
        start, first, features = at, used, 0
        limit = used + MOST_TERMS
        previous, chained = ZERO, False
        planes[:] = 0
        while at < end and used < limit:
            kind = kinds[points[at]]
            starts = kind == WORD
            if kind == TAG and at + 1 < end and kinds[points[at + 1]] == WORD:
                starts = at == start or kinds[points[at - 1]] != WORD
            if starts:
                value = _step(SEED, points[at])
                digits = 48 <= points[at] <= 57
                stays = at + 1
                while stays < end:
                    inside = kinds[points[stays]]
                    if inside != WORD and not (
                        inside == JOIN and stays + 1 < end and kinds[points[stays + 1]] == WORD
                    ):
                        break
                    value = _step(value, points[stays])
                    digits = digits and 48 <= points[stays] <= 57
                    stays += 1
                size = stays - at
                if (
                    (size == 4 or size == 5)
                    and stays + 2 < end
                    and points[stays] == 58
                    and points[stays + 1] == 47
                    and points[stays + 2] == 47
                    and points[at] == 104
                    and points[at + 1] == 116
                    and points[at + 2] == 116
                    and points[at + 3] == 112
                    and (size == 4 or points[at + 4] == 115)
                ):
                    hashes[used], at = _address(points, kinds, stays + 3, end)
                    used += 1
                    chained = False
                    continue
                if size <= LONGEST_WORD:
                    value = _mix(value)
                    hashes[used] = value
                    used += 1
                    if chained and used < limit:
                        hashes[used] = _mix(previous * PAIR + value)
                        used += 1
                    if not digits and points[at] != 64 and features < FEATURES:
                        _planes_add(planes, value)
                        features += 1
                    previous, chained = value, True
                else:
                    chained = False
                at = stays
            elif kind == IDEOGRAM:
                stays = at
                while stays < end and kinds[points[stays]] == IDEOGRAM:
                    stays += 1
                width = min(2, stays - at)
                while at + width <= stays and used < limit:
                    value = _step(SEED, points[at])
                    if width == 2:
                        value = _step(value, points[at + 1])
                    value = _mix(value)
                    hashes[used] = value
                    used += 1
                    if features < FEATURES:
                        _planes_add(planes, value)
                        features += 1
                    at += 1
                at, chained = stays, False
            else:
                at += 1
        if features == 0:
            for i in range(first, min(used, first + FEATURES)):
                _planes_add(planes, hashes[i])
                features += 1
        prints[post] = _majority(planes, features)
        ends[post] = used
        at = stop + 1
    return used


@njit(cache=True)
def names(points, salt, odd, hashes):
    """Salted 64-bit hashes of names, each ended by a 0."""
    at = 0
    for i in range(len(hashes)):
        value = salt
        while points[at] != 0:
            value = (value ^ U(points[at])) * odd
            value ^= value >> S32
            at += 1
        hashes[i] = _mix(value)
        at += 1


@njit(cache=True, inline="always")
def _bit(source):
    """One of 64 bits: 40 for 7 sources in 8, 14 for 7 in 64, 10 for the rest."""
    level = source >> S58
    low = source & LOW32
    if level >> U(3) != ZERO:
        return ONE << ((low * U(40)) >> S32)
    if level != ZERO:
        return ONE << (U(40) + ((low * U(14)) >> S32))
    return ONE << (U(54) + ((low * U(10)) >> S32))


@njit(cache=True)
def _copied(print_, stamp, prints, stamps, horizon):
    """Whether a post within 3 bits of this SimHash was kept in the last `horizon` stamps; else keep this one."""
    for band in range(4):
        row = (print_ >> U(16 * band)) & LOW16
        age = stamp - stamps[band, row]
        if age <= horizon and _ones(prints[band, row] ^ print_) <= U(3):
            return True
    for band in range(4):
        row = (print_ >> U(16 * band)) & LOW16
        prints[band, row] = print_
        stamps[band, row] = stamp
    return False


@njit(cache=True)
def note(lo, hi, serial, stamp, hashes, ends, posts, recent, shared, exposure, queue, lost):
    """Take the posts lo..hi of a batch into the recent table.

    posts: (prints, sources, groups, languages). shared: (prints kept, their stamps, source counts, horizon).
    queue: (touched, queued): rows that gained a source and have three or more, touched[0] of them. A term
    without room in its 8 rows takes the one with the fewest sources, which is written to lost (after lost[0])
    for the long table to keep.
    """
    fingerprints, sources, groups, languages = posts
    prints, stamps, loads, horizon = shared
    mask = U(len(recent) - 1)
    touched, queued = queue
    filled, gone = touched[0], lost[0, 0]
    for post in range(lo, hi):
        source = sources[post]
        load = source & U(len(loads) - 1)
        first = ends[post - 1] if post else 0
        if loads[load] >= CAP or first == ends[post]:
            continue
        if _copied(fingerprints[post], stamp, prints, stamps, horizon):
            continue
        loads[load] += 1
        language = languages[post]
        exposure[language] += 1.0
        salt = U(language) * PAIR
        bit = _bit(source)
        group = ONE << (groups[post] & U(15))
        high = U((serial + post) & 0xFFFFFFFF) << S32
        for i in range(first, ends[post]):
            key = _mix(hashes[i] ^ salt) | ONE
            home = (key >> S31) & mask
            row, worst, least = home, home, U(99)
            found = False
            for probe in range(PROBES):
                row = (home + U(probe)) & mask
                held = recent[row, 0]
                if held == key:
                    found = True
                    break
                if held == ZERO:
                    recent[row, 0] = key
                    found = True
                    break
                ones = _ones(recent[row, 1] | recent[row, 2])
                if ones < least:
                    least, worst = ones, row
            if not found:
                row = worst
                if gone < U(len(lost) - 1):
                    gone += ONE
                    for column in range(4):
                        lost[gone, column] = recent[row, column]
                recent[row, 0] = key
                recent[row, 1] = ZERO
                recent[row, 2] = ZERO
                recent[row, 3] = ZERO
            before = recent[row, 1]
            recent[row, 1] = before | bit
            recent[row, 3] = high | (recent[row, 3] & LOW32) | group
            if before & bit == ZERO and not queued[row]:
                seen = before | bit | recent[row, 2]
                if seen & (seen - ONE) != ZERO and _ones(seen) >= U(3):
                    filled += 1
                    touched[filled] = row
                    queued[row] = True
    touched[0] = filled
    lost[0, 0] = gone


@njit(cache=True)
def estimate(bitmap, curve):
    """Sources in a bitmap: linear counting over the parts not full (Estan, Varghese, Fisk 2006).

    curve: float64 of shape (3, 41), for each part and bits set, minus b ln(1 - set / b).
    """
    a = _ones(bitmap & U(0xFFFFFFFFFF))
    b = _ones((bitmap >> U(40)) & U(0x3FFF))
    c = _ones(bitmap >> U(54))
    if a <= U(36):
        return curve[0, a] + curve[1, b] + curve[2, c]
    if b <= U(12):
        return (curve[1, b] + curve[2, c]) * 8.0
    return curve[2, c] * 64.0


@njit(cache=True)
def fold(rows, column, block, long, sums, decay, curve, out):
    """Add the count in a column of rows to the long table; out[0] += evictions, out[1] += what they held.

    sums is long seen as float32; decay[n] the weight left after n half-hours.
    """
    lines = U(len(long) // 4 - 1)
    for i in range(len(rows)):
        bitmap = rows[i, column]
        if bitmap == ZERO:
            continue
        count = estimate(bitmap, curve)
        key = rows[i, 0]
        tag = np.uint32(key & LOW32)
        base = np.int64((key >> S32) & lines) * 4
        chosen, least = -1, np.float32(3e38)
        for row in range(base, base + 4):
            if long[row, 0] == tag:
                chosen = row
                break
            if long[row, 0] == 0:
                weight = np.float32(-1.0)
            else:
                weight = sums[row, 1] * decay[min(block - np.int64(long[row, 3]), len(decay) - 1)]
            if weight < least:
                least, chosen = weight, row
        kept = np.float32(0.0)
        if long[chosen, 0] == tag:
            kept = decay[min(block - np.int64(long[chosen, 3]), len(decay) - 1)]
        elif long[chosen, 0] != 0:
            out[0] += 1.0
            out[1] += np.float64(least)
        long[chosen, 0] = tag
        sums[chosen, 1] = np.float32(sums[chosen, 1] * kept + np.float32(count))
        sums[chosen, 2] = np.float32(sums[chosen, 2] * kept + np.float32(count * max(count - 1.0, 0.0)))
        long[chosen, 3] = block


@njit(cache=True)
def turn(recent, fresh, lost):
    """Start a half-hour: rows move to `fresh`, this half-hour becoming the one before; the older is dropped."""
    mask = U(len(recent) - 1)
    gone = lost[0, 0]
    for i in range(len(recent)):
        if recent[i, 1] == ZERO:
            continue
        home = (recent[i, 0] >> S31) & mask
        placed = False
        for probe in range(PROBES):
            row = (home + U(probe)) & mask
            if fresh[row, 0] == ZERO:
                fresh[row, 0] = recent[i, 0]
                fresh[row, 2] = recent[i, 1]
                meta = recent[i, 3]
                fresh[row, 3] = (meta & (LOW32 << S32)) | ((meta & LOW16) << S16)
                placed = True
                break
        if not placed and gone < U(len(lost) - 1):
            gone += ONE
            for column in range(4):
                lost[gone, column] = recent[i, column]
    lost[0, 0] = gone


@njit(cache=True)
def weigh(touched, recent, block, long, sums, decay, curve, out):
    """For the touched rows with three sources of two groups: out[i] = row, count, decayed sums, last post.

    Returns how many rows of out (float64, shape (n, 5)) are filled; a term without a past has sums of 0.
    """
    lines = U(len(long) // 4 - 1)
    filled = 0
    for i in range(1, touched[0] + 1):
        row = touched[i]
        meta = recent[row, 3]
        groups = (meta | (meta >> S16)) & LOW16
        count = estimate(recent[row, 1] | recent[row, 2], curve)
        if count < 3.0 or groups & (groups - ONE) == ZERO:
            continue
        key = recent[row, 0]
        base = np.int64((key >> S32) & lines) * 4
        total, squares = 0.0, 0.0
        for place in range(base, base + 4):
            if long[place, 0] == np.uint32(key & LOW32):
                kept = decay[min(block - np.int64(long[place, 3]), len(decay) - 1)]
                total, squares = sums[place, 1] * kept, sums[place, 2] * kept
                break
        out[filled, 0] = row
        out[filled, 1] = count
        out[filled, 2] = total
        out[filled, 3] = squares
        out[filled, 4] = np.float64(meta >> S32)
        filled += 1
    return filled
