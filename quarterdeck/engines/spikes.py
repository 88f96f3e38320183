"""When is a burst of mentions rare enough, for this stream, to wake somebody.

Computes, one 5-minute bucket at a time and without looking ahead, how rare the present run of counts is for
the stream itself. At three scales (5 minutes, 15 minutes, 1 hour) it takes the mean of log(1 + count), the
largest third of the buckets left out, less that of the expected count (a level adapted over three days times
an hour-of-day profile): so a flood of twenty minutes cannot fill an hour. Each scale is normalised by the
stream's own daily block maxima (Gumbel, shrunk to a prior while young); the largest, with the hour given most
of the budget, is normalised the same way, which gives a return period: "a spike this size is seen about once
in 40 days for you". A page is a return period beyond the budget's; return periods are then corrected, slowly,
by how often pages really came (adaptive conformal inference: Gibbs and Candes, 2021, arXiv:2106.00170), so
the realised rate follows the budget. A watch is the plain ratio of the last hour to the last seven days.
Novelty is the count against the stream's own record of eight weeks.

Sources: Gumbel (1958) for block maxima, Langbein (1949) for the return period of events, the paper above for
the slow correction. It does not claim to know a crisis from good news or from a flood by robots; it does not see a
slow rise over days; it is blind after a gap until enough buckets came; a return period longer than the record
is an extrapolation, and `Detector.calibrated` says whether the budget's own return period is within the record.

>>> from datetime import datetime, timedelta, timezone
>>> detector = Detector("Europe/Paris", per_week=1.0)
>>> start = datetime(2026, 3, 2, tzinfo=timezone.utc)
>>> for i in range(288 * 14):
...     calm = detector.step(start + timedelta(minutes=5 * i), 8 + i % 5)
>>> burst = [detector.step(start + timedelta(days=14, minutes=5 * i), 120) for i in range(6)]
>>> calm.level, [reading.level for reading in burst].count("page"), burst[-1].return_days > 7
('none', 1, True)
>>> Detector.restore(detector.state()).state() == detector.state()
True
"""

from __future__ import annotations

import math
from collections import deque
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

from quarterdeck.engines._extremes import fit_gumbel, poisson_surprise
from quarterdeck.engines._spikes_parts import (
    LARGEST,
    BadBucket,
    BadSetting,
    BadState,
    Day,
    OutOfOrder,
    SpikeError,
    plain_copy,
    push,
    setting,
    zone_of,
)

__all__ = ["BadBucket", "BadSetting", "BadState", "Detector", "OutOfOrder", "Reading", "SpikeError"]

BUCKET = 300
DAY_BUCKETS = 288
NIGHT = (22, 7)
WATCH_RATIO = 3.0
_SCALES = (1, 3, 12)
_LEAST_PRESENT = (1, 2, 4)
# Share of the budget given to each scale, as a subtraction on the Gumbel's reduced variate.
_SHARES = tuple(math.log(share) for share in (0.03, 0.12, 0.85))
_LEVEL_BUCKETS = 3 * DAY_BUCKETS
_PROFILE_BUCKETS = 12 * 12
_PRIOR_DAYS = 7
_WARM_BUCKETS = DAY_BUCKETS
_HOLD = 12 * 3600
_QUIET = 6 * 3600
_RISING = 3600
_CLEARLY_WORSE = 2.0
_SHIFT_STEP = 0.25
_SHIFT_LIMIT = 1.5
_FURTHEST_DAYS = 36500.0


class Reading(NamedTuple):
    """What one bucket says.

    score: reduced variate, ln of the return period in days. return_days: mean days between events at least
    this rare in this stream (at most 36,500). novelty: (count + 1) / (record of eight weeks + 1). ratio: last
    hour over last seven days, mean counts a bucket. level: "page" on the bucket that pages, "watch" while the
    ratio is at least 3 (or the score is beyond the page bar, already paged), else "none".
    """

    score: float
    return_days: float
    novelty: float
    ratio: float
    level: Literal["none", "watch", "page"]


class Detector:
    """A stream's detector. One a stream; not shared between threads.

    zone: IANA name or ZoneInfo whose midnight ends a block and whose hours make the profile and the night.
    per_week: pages a week to allow, above 0. night_per_week: at most so many of them between 22:00 and 07:00
    local time; 0 means none then (a burst that still lasts at 07:00 pages at 07:00); None means no difference.
    floor_count: mentions in the last hour below which the level is always "none". Raises BadSetting.
    """

    def __init__(
        self,
        zone: str | ZoneInfo,
        per_week: float = 1.0,
        night_per_week: float | None = None,
        floor_count: float = 0,
    ) -> None:
        self._zone = zone_of(zone)
        self.per_week = setting("per_week", per_week, above_zero=True)
        self.night_per_week = None if night_per_week is None else setting("night_per_week", night_per_week)
        self.floor_count = setting("floor_count", floor_count)
        self._last: int | None = None
        self._seen = 0
        self._ring: deque[float | None] = deque(maxlen=12)
        self._logs: deque[float | None] = deque(maxlen=12)
        self._hours: deque[tuple[float, int]] = deque(maxlen=167)
        self._hour = [0, 0.0, 0.0]
        self._week = [0.0, 0.0]
        self._level = 0.0
        self._profile = [0.0] * 48
        self._profile_seen = [0] * 48
        self._day: int | None = None
        self._today = Day()
        self._maxima: list[list[float]] = [[], [], []]
        self._tops: list[float] = []
        self._tops_at_night: list[int] = []
        self._records: list[float] = []
        self._fits = [(0.0, 1.0)] * 3
        self._top_fit = (0.5, 1.2)
        self._shift = 0.0
        self._paged_score: float | None = None
        self._held_until = 0
        self._rising_until = 0
        self._bars = self._budget_bars()

    @property
    def record_days(self) -> int:
        """Days of block maxima now on record (at most 56)."""
        return len(self._tops)

    @property
    def calibrated(self) -> bool:
        """True when the record is at least as long as the budget's own return period.

        Below that the page bar is an extrapolation of the fit (always so for budgets under one in 8 weeks).
        """
        return self.record_days * self.per_week >= 7.0

    def step(self, start: datetime, count: float) -> Reading:
        """Take the count of the 5-minute bucket that starts at `start`, and say how rare the moment is.

        start: aware datetime, a whole number of buckets after the last one; skipped buckets are missing, not
        zero. count: finite and not negative. Raises OutOfOrder, BadBucket; nothing is changed then.
        """
        at, value = self._checked(start, count)
        local = start.astimezone(self._zone)
        today = local.toordinal()
        if today != self._day:
            self._turn_day(today)
        slot = local.hour + (24 if local.weekday() >= 5 else 0)
        night = local.hour >= NIGHT[0] or local.hour < NIGHT[1]
        self._take(at, value)
        excess = self._excess(slot)
        score = self._score(excess, night)
        novelty = (value + 1.0) / (self._record(value) + 1.0)
        ratio, hour_count = self._hour_to_week()
        score = min(score, self._surprise_limit(score, hour_count))
        level = self._verdict(at, score, ratio, hour_count, night)
        self._adapt(excess[2], slot)
        return Reading(score, min(math.exp(min(score, 20.0)), _FURTHEST_DAYS), novelty, ratio, level)

    def _checked(self, start: datetime, count: float) -> tuple[int, float]:
        if not isinstance(start, datetime) or start.tzinfo is None:
            raise BadBucket("A bucket's start must be a datetime with a time zone.")
        try:
            value = float(count)
        except (TypeError, ValueError, OverflowError):
            raise BadBucket(f"A count must be a number, not {count!r:.40}.") from None
        if not 0.0 <= value <= LARGEST:
            raise BadBucket(f"A count must be finite and between 0 and {LARGEST:g}, not {value}.")
        exact = start.timestamp()
        at = int(exact)
        if at != exact:
            raise BadBucket("A bucket must start on a whole second.")
        if self._last is not None:
            if at <= self._last:
                last = datetime.fromtimestamp(self._last, UTC).isoformat()
                raise OutOfOrder(f"The bucket of {start.isoformat()} is not after the last one, {last}.")
            if (at - self._last) % BUCKET:
                raise BadBucket("A bucket must start a whole number of 5 minutes after the last one.")
        return at, value

    def _turn_day(self, today: int) -> None:
        """Close the local day: put its maxima on record (if at least a third of it was seen), refit."""
        ended = self._today
        if ended.buckets * 3 >= DAY_BUCKETS:
            for kept, top in zip(self._maxima, ended.excess, strict=True):
                push(kept, top)
            push(self._records, ended.count)
            if ended.scored:
                push(self._tops, ended.top)
                push(self._tops_at_night, int(ended.top_at_night))
                self._learn_shift(ended.pages)
        self._centre_profile()
        for scale, kept in enumerate(self._maxima):
            prior = self._prior(scale)
            self._fits[scale] = fit_gumbel(kept, prior, _PRIOR_DAYS, 0.3 * prior[1])
        self._top_fit = fit_gumbel(self._tops, (0.5, 1.2), _PRIOR_DAYS, 0.3)
        self._bars = self._budget_bars()
        self._day, self._today = today, Day()

    def _prior(self, scale: int) -> tuple[float, float]:
        """Gumbel of the daily maximum of a Gaussian with Poisson noise plus 0.15 of everyday log variance."""
        width = _SCALES[scale]
        blocks = DAY_BUCKETS / width
        spread = math.sqrt(1.0 / (self._level * width + 1.0) + 0.15)
        q = math.sqrt(2.0 * math.log(blocks))
        return 0.8 * spread * q, max(spread / q, 0.2)

    def _learn_shift(self, pages: int) -> None:
        """Read scores lower after a day with a page, and slowly higher after days without."""
        if len(self._tops) > 5:
            expected = 1.0 - math.exp(-self.per_week / 7.0)
            moved = self._shift + _SHIFT_STEP * (min(pages, 1) - expected)
            self._shift = max(-_SHIFT_LIMIT, min(_SHIFT_LIMIT, moved))

    def _budget_bars(self) -> tuple[float, float]:
        """(bar by day, bar by night) on the score, so that both together keep within the budget."""
        plain = math.log(7.0 / self.per_week)
        if self.night_per_week is None:
            return plain, plain
        share = (sum(self._tops_at_night) + 2.6) / (len(self._tops_at_night) + 7.0)
        if self.night_per_week <= 0.0:
            by_night, used = math.inf, 0.0
        else:
            by_night = max(plain, math.log(7.0 * share / self.night_per_week))
            used = 7.0 * share * math.exp(-by_night)
        by_day = math.log(7.0 * (1.0 - share) / (self.per_week - used))
        return by_day, by_night

    def _centre_profile(self) -> None:
        """Keep the profile's mean at zero, moving the rest into the level."""
        mean = (5 * sum(self._profile[:24]) + 2 * sum(self._profile[24:])) / 168.0
        self._profile = [value - mean for value in self._profile]
        self._level *= math.exp(mean)

    def _take(self, at: int, value: float) -> None:
        """Put one bucket in the windows, missing ones before it."""
        if self._last is not None:
            for _ in range(min((at - self._last) // BUCKET - 1, 12)):
                self._ring.append(None)
                self._logs.append(None)
        self._last = at
        self._seen += 1
        self._ring.append(value)
        self._logs.append(math.log1p(value))
        hour = at // 3600
        if hour != self._hour[0]:
            self._turn_hour(hour)
        self._hour[1] += value
        self._hour[2] += 1

    def _turn_hour(self, hour: int) -> None:
        gap = hour - int(self._hour[0])
        if self._seen > 1:
            closed = [(self._hour[1], int(self._hour[2]))] + [(0.0, 0)] * min(gap - 1, 167)
            self._hours.extend(closed)
            # Summed afresh each hour so that rounding never accumulates.
            self._week = [math.fsum(total for total, _ in self._hours), float(sum(n for _, n in self._hours))]
        self._hour = [hour, 0.0, 0.0]

    def _excess(self, slot: int) -> list[float | None]:
        """Log(1 + count), mean without the largest third of the buckets, less log(1 + expected), at each scale.

        None where too few buckets are there.
        """
        if self._seen == 1:
            self._level = self._ring[-1] or 0.0
        seen = self._profile_seen[slot]
        expected = self._level * math.exp(self._profile[slot] * seen / (seen + 24.0))
        base = math.log1p(expected)
        logs = list(self._logs)
        found: list[float | None] = []
        for width, least in zip(_SCALES, _LEAST_PRESENT, strict=True):
            present = [x for x in logs[-width:] if x is not None]
            if len(present) < least:
                found.append(None)
                continue
            kept = len(present) - len(present) // 3
            found.append(sum(sorted(present)[:kept]) / kept - base)
        return found

    def _score(self, excess: list[float | None], night: bool) -> float:
        day = self._today
        day.buckets += 1
        best = -math.inf
        for scale, x in enumerate(excess):
            if x is not None:
                if x > day.excess[scale]:
                    day.excess[scale] = x
                location, spread = self._fits[scale]
                best = max(best, (x - location) / spread + _SHARES[scale])
        if self._seen > _WARM_BUCKETS // 12:
            day.scored = True
            if best > day.top:
                day.top, day.top_at_night = best, night
        return (best - self._top_fit[0]) / self._top_fit[1] - self._shift

    def _record(self, value: float) -> float:
        """The largest count of eight weeks before this bucket; then let this bucket join today's."""
        before = max(self._today.count, max(self._records, default=0.0))
        self._today.count = max(self._today.count, value)
        return before

    def _hour_to_week(self) -> tuple[float, float]:
        """(ratio of the last hour's mean count to the seven days' mean, mentions in the last hour)."""
        present = [x for x in self._ring if x is not None]
        hour_count = sum(present)
        mean = (self._week[0] + self._hour[1]) / (self._week[1] + self._hour[2])
        # One mention an hour on both sides: a stream of zeros has a ratio of 1, not 0 / 0.
        return (hour_count / len(present) + 1 / 12) / (mean + 1 / 12), hour_count

    def _surprise_limit(self, score: float, hour_count: float) -> float:
        """The score a plain Poisson stream of this mean could claim: a lone mention is never a crisis."""
        if score < min(self._bars) - 1.0 and score < 3.0:
            return score
        buckets = self._week[1] + self._hour[2]
        mean = (self._week[0] + self._hour[1] - hour_count + 1.0) / buckets
        return poisson_surprise(hour_count, max(12.0 * mean, 1e-6)) - math.log(24.0)

    def _verdict(
        self, at: int, score: float, ratio: float, hour_count: float, night: bool
    ) -> Literal["none", "watch", "page"]:
        if self._seen <= _WARM_BUCKETS or hour_count < self.floor_count:
            return "none"
        bar = self._bars[1] if night else self._bars[0]
        if self._paged_score is not None and at > self._held_until:
            self._paged_score = None
        if score >= bar:
            paged = self._paged_score
            if paged is not None and at <= self._rising_until:
                # The first hour of an event only tells how large it is; whoever was paged is looking at it.
                self._paged_score = max(paged, score)
            elif paged is None or score >= paged + _CLEARLY_WORSE:
                self._paged_score, self._held_until = score, at + _HOLD
                self._rising_until = at + _RISING
                self._today.pages += 1
                return "page"
            # Still beyond the bar: the same event is not news again until it has been quiet for a while.
            self._held_until = max(self._held_until, at + _QUIET)
            return "watch"
        return "watch" if ratio >= WATCH_RATIO and hour_count >= 2 else "none"

    def _adapt(self, hour_excess: float | None, slot: int) -> None:
        """Move the level and the hour's profile, by at most what a factor e of change would move them."""
        if hour_excess is None or self._seen <= 12:
            present = [x for x in self._ring if x is not None]
            if self._seen <= 12:
                self._level = sum(present) / len(present)
            return
        pull = max(-1.0, min(1.0, hour_excess))
        rate = max(1.0 / _LEVEL_BUCKETS, 1.0 / (self._seen + 12.0))
        self._level = max(self._level, 1e-3) * math.exp(rate * pull)
        if self._seen > DAY_BUCKETS:
            self._profile[slot] += pull / _PROFILE_BUCKETS
            self._profile_seen[slot] += 1

    def state(self) -> dict[str, Any]:
        """Everything as plain data (dict, list, str, int, float, bool, None) fit for JSON."""
        plain = {name: getattr(self, "_" + name) for name in _FIELDS}
        return {
            "version": 1,
            "zone": self._zone.key,
            "per_week": self.per_week,
            "night_per_week": self.night_per_week,
            "floor_count": self.floor_count,
            "ring": list(self._ring),
            "hours": [list(hour) for hour in self._hours],
            "fits": [list(fit) for fit in self._fits],
            "top_fit": list(self._top_fit),
            "today": self._today.plain(),
            **{name: plain_copy(value) for name, value in plain.items()},
        }

    @classmethod
    def restore(cls, state: dict[str, Any]) -> Detector:
        """The detector that `state` was taken from. Raises BadState."""
        try:
            if state["version"] != 1:
                raise BadState(f"This is a state of version {state['version']!r}; this code reads version 1.")
            made = cls(state["zone"], state["per_week"], state["night_per_week"], state["floor_count"])
            made._ring.extend(state["ring"])
            made._logs.extend(None if x is None else math.log1p(x) for x in state["ring"])
            made._hours.extend((float(total), int(n)) for total, n in state["hours"])
            made._fits = [(float(a), float(b)) for a, b in state["fits"]]
            made._top_fit = (float(state["top_fit"][0]), float(state["top_fit"][1]))
            made._today = Day.of(state["today"])
            for name in _FIELDS:
                setattr(made, "_" + name, plain_copy(state[name]))
            if len(made._profile) != 48 or len(made._profile_seen) != 48 or len(made._maxima) != 3:
                raise BadState("This is not a detector's state: a profile or a record has a wrong length.")
            made._bars = made._budget_bars()
        except BadState:
            raise
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            raise BadState(f"This is not a detector's state: {error!r:.80}.") from error
        return made


_FIELDS = (
    "last", "seen", "hour", "week", "level", "profile", "profile_seen", "day", "maxima", "tops",
    "tops_at_night", "records", "shift", "paged_score", "held_until", "rising_until",
)  # fmt: skip
