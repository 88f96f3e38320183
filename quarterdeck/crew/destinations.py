"""Where Apprise may go. It makes its own requests, so everything is checked first: the schema is on a list,
options that read files or fetch addresses are refused, and a host somebody typed must lie on the open internet.
"""

from __future__ import annotations

from typing import NoReturn
from urllib.parse import parse_qsl, urlsplit

from quarterdeck.core.http.addresses import resolve_within, system_resolve, usable
from quarterdeck.core.problems import Invalid

RESOLVE_WITHIN = 5.0  # seconds

# These have one host of their own, whatever the address says.
SERVICES = {
    "discord": "Discord",
    "gchat": "Google Chat",
    "pagerduty": "PagerDuty",
    "pbul": "Pushbullet",
    "pover": "Pushover",
    "slack": "Slack",
    "spush": "SimplePush",
    "tgram": "Telegram",
    "wxteams": "Webex",
    "zulip": "Zulip",
}
# These go to a host that the person names.
HOSTED = {
    "bark": "Bark",
    "barks": "Bark",
    "gotify": "Gotify",
    "gotifys": "Gotify",
    "matrix": "Matrix",
    "matrixs": "Matrix",
    "mmost": "Mattermost",
    "mmosts": "Mattermost",
    "ntfy": "ntfy",
    "ntfys": "ntfy",
    "rocket": "Rocket.Chat",
    "rockets": "Rocket.Chat",
}
# These post anything anywhere: only for whoever owns the installation.
RAW = {"json", "jsons", "xml", "xmls", "form", "forms"}

# Everything else is refused: `template`, `attach` and their like read files or fetch addresses.
_OPTIONS = {
    "priority",
    "tags",
    "channel",
    "to",
    "mode",
    "ttl",
    "sound",
    "thread",
    "silent",
    "preview",
    "footer",
}


def check(url: str, *, owner: bool) -> str:
    """The schema of an acceptable Apprise address. Invalid, in words, when it may not be used.

    `owner`: whether the person owns the installation. Resolves the host, so never call it in a transaction.
    """
    schema, _, rest = url.partition("://")
    schema = schema.lower()
    if not rest or len(url) > 1000 or any(not c.isprintable() for c in url):
        _refuse("Write it like ntfy://a-long-secret-topic, as the service’s own page shows it.")
    if schema in RAW and not owner:
        _refuse("Addresses that post anything anywhere are only for whoever owns the installation.")
    if schema not in SERVICES and schema not in HOSTED and schema not in RAW:
        names = sorted({*SERVICES.values(), *HOSTED.values()})
        _refuse(f"This kind of address is not on the list: {', '.join(names)}.")
    parts = urlsplit(url)
    if schema not in RAW:
        unknown = {key.lower() for key, _ in parse_qsl(parts.query, keep_blank_values=True)} - _OPTIONS
        if unknown:
            _refuse(f"The option “{sorted(unknown)[0]}” is not allowed in it.")
    made = _understood(url)
    host = _host(made, schema)
    if host and not owner:
        _must_be_outside(host)
    return schema


def _understood(url: str):
    import apprise

    made = apprise.Apprise.instantiate(url, suppress_exceptions=True)
    if made is None:
        _refuse("The service does not understand this address. Check that nothing is missing at its end.")
    return made


def as_sent(url: str) -> str:
    """The address as Apprise gets it. A Matrix server may send its callers on to any host it likes, also inside our
    network (“discovery”): they stay with the one that was checked."""
    if url.partition("://")[0].lower() not in {"matrix", "matrixs"}:
        return url
    return f"{url}{'&' if '?' in url else '?'}discovery=no"


def _host(made, schema: str) -> str:
    if schema == "zulip" and made.hostname != made.default_hostname:
        return f"{made.organization}.{made.hostname}"  # 127.0.0.1 is an “organization” 127 at 0.0.1
    if schema in SERVICES or getattr(made, "mode", None) == "cloud":
        return ""
    return getattr(made, "host", "") or ""


def _must_be_outside(host: str) -> None:
    try:
        found = resolve_within(system_resolve, host.strip("[]"), 443, RESOLVE_WITHIN)
    except (OSError, UnicodeError):
        _refuse(f"There is no server called {host}, or its name was not found in time.")
    if not found or len(usable(found, excepted=False)) < len(set(found)):
        _refuse(f"{host} lies inside a private network. Whoever owns the installation can add it.")


def _refuse(words: str) -> NoReturn:
    raise Invalid("This address was not added.", fields={"url": words})
