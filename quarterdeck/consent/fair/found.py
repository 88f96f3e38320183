"""What working a fair plan out finds. Apart from the work itself, so that pages need no numerics."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Found:
    """A plan with all it is shown beside, or why there is none: the parts of a clash ([kind, [ids of requests], instant
    or ""]), or that time ended (`late`).

    `found` (kept as `FairPlan.found`) is {"slots": [[instant, channel]], "requests": [{"id", "department", "counts",
    "slot", "points", "best", "own"}], "departments": [{"id", "set", "factor", "out", "total", "due", "counts", "asked",
    "placed", "points", "alone", "first", "sum", "envies"}], "others": [{"request", "slot", "changes", "clash"}],
    "outside": [ids], "unserved": [ids], "first": bool}. Slots, requests and departments are named by their place in
    these lists, -1 for none; "own" is "planned" or "promised" where it stood there already; "unserved" are those of
    "outside" whose time it is; "first" and "sum" are a department’s points when who comes first is served first, and
    when only the sum counts.
    """

    found: dict[str, Any] = field(default_factory=dict)
    log_welfare: float | None = None
    bound: float | None = None
    clash: list[list[Any]] | None = None
    late: bool = False
