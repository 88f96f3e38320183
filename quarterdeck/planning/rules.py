"""The rules a workspace plans by, and the public holidays of its markets."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from datetime import date, timedelta

from quarterdeck.core.problems import Invalid
from quarterdeck.crew.models import Workspace
from quarterdeck.planning.models import Rules

MOST_MARKETS = 12
FARTHEST = timedelta(hours=12)  # two posts on one channel that lie further apart are never called close
MARKET = re.compile(r"([A-Z]{2})(?:-([A-Z0-9]{1,4}))?")


def of(workspace: Workspace) -> Rules:
    """The workspace's rules; the usual ones (not saved) where nobody has changed them."""
    return Rules.objects.filter(workspace=workspace).first() or Rules(workspace=workspace)


def near(rules: Rules) -> timedelta:
    return timedelta(minutes=rules.near_minutes)


def markets(text: str) -> list[str]:
    """The markets somebody typed, "DE-BE, fr". Invalid when one is not known."""
    found: list[str] = []
    for one in re.split(r"[\s,;]+", text.upper()):
        match = MARKET.fullmatch(one)
        if one and not (match and _is_known(match[1], match[2])):
            raise Invalid(
                f"The holidays of “{one[:12]}” are not known.",
                fields={"markets": "Write country codes, with a region after a dash: DE-BE, FR, US-CA."},
            )
        if one and one not in found:
            found.append(one)
    if len(found) > MOST_MARKETS:
        raise Invalid("That are too many.", fields={"markets": f"At most {MOST_MARKETS} markets."})
    return found


def _is_known(country: str, region: str | None) -> bool:
    """Asked one by one: the list of all countries would load every one of them."""
    from holidays import country_holidays

    try:
        country_holidays(country, subdiv=region)
    except (NotImplementedError, KeyError, ValueError):
        return False
    return True


@functools.lru_cache(maxsize=256)
def _holidays(market: str, year: int) -> dict[date, str]:
    from holidays import country_holidays

    country, _, region = market.partition("-")
    try:
        return dict(country_holidays(country, subdiv=region or None, years=year, language="en_US"))
    except (NotImplementedError, KeyError):
        return {}  # a market a later version of the list no longer knows


def holidays(chosen: Iterable[str], first: date, end: date) -> dict[date, list[str]]:
    """The public holidays from `first` up to `end`, each as "Whit Monday (DE-BE, FR)"."""
    named: dict[tuple[date, str], list[str]] = {}
    for market in chosen:
        for year in range(first.year, end.year + 1):
            for day, name in _holidays(market, year).items():
                if first <= day < end:
                    named.setdefault((day, name), []).append(market)
    found: dict[date, list[str]] = {}
    for (day, name), where in sorted(named.items()):
        found.setdefault(day, []).append(f"{name} ({', '.join(where)})")
    return found
