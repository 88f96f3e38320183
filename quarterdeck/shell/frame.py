"""What stands around every page: rail, strip, bell, palette, menus. Asked from the registries for one member.

Everything is lazy and asked once a request: a partial that shows no rail costs no query. Two names mean more
than their neighbours: the `nav` entry "notifications" is the bell, and the `palette` command "hold" is
“Hold everything…” at the end of the strip. Where no room registers them, nothing is shown.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from quarterdeck.core import registries
from quarterdeck.core.registries import StripFact
from quarterdeck.crew.models import Member

log = logging.getLogger(__name__)

BELL = "notifications"
HOLD = "hold"
THEMES = (("auto", "Auto"), ("light", "Light"), ("dark", "Dark"))
SETTINGS_GROUPS = ("You", "Workspace", "Installation")


@dataclass(frozen=True, slots=True)
class Link:
    """A place one can go to. `current` is "page" here, "true" below it, "" elsewhere: the value of aria-current."""

    label: str
    href: str
    current: str = ""
    count: int | None = None
    group: int | str = 0
    shortcut: str = ""
    keywords: str = ""

    @property
    def keys(self) -> list[str]:
        """The shortcut's keys one by one, as a person presses them."""
        return self.shortcut.split()


def address(url_name: str, slug: str = "") -> str | None:
    """The address of a named page in the workspace `slug`, or outside any; None when no room has it yet."""
    for kwargs in ({"workspace": slug}, {}) if slug else ({},):
        try:
            return reverse(url_name, kwargs=kwargs)
        except NoReverseMatch:
            continue
    return None


def current(href: str, path: str) -> str:
    """The aria-current of a link to `href` on the page `path`. A workspace's root is current only on itself."""
    if path == href:
        return "page"
    deep = href.rstrip("/").count("/") > 2
    return "true" if deep and path.startswith(href) else ""


def permitted(member: Member, permission: str) -> bool:
    return not permission or member.may(permission)


class Frame:
    """The frame of one request's page. Without a member (bare pages) the lists are empty."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.member: Member | None = getattr(request, "member", None)
        self.workspace = getattr(request, "workspace", None)

    @cached_property
    def user(self):
        user = getattr(self.request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @property
    def theme(self) -> str:
        """One of THEMES: "auto" follows the system."""
        return self.user.theme if self.user else "auto"

    @property
    def zone(self) -> str:
        return self.user.timezone if self.user else "UTC"

    themes = THEMES

    @property
    def search_url(self) -> str | None:
        return self.href("shell-search")

    @property
    def palette_url(self) -> str | None:
        return self.href("shell-palette")

    @property
    def settings_url(self) -> str | None:
        return self.href("shell-settings")

    @property
    def theme_url(self) -> str | None:
        return self.href("shell-theme")

    @property
    def sign_out_url(self) -> str | None:
        return self.href("account_logout")

    def href(self, url_name: str) -> str | None:
        return address(url_name, self.workspace.slug if self.workspace else "")

    def _link(self, entry, group: int | str) -> Link | None:
        """The entry as a link, or None when this member may not or the page is not there."""
        href = self.href(entry.url_name) if permitted(self.member, entry.permission) else None
        if href is None:
            return None
        return Link(
            entry.label,
            href,
            current(href, self.request.path),
            _count(entry, self.member),
            group,
            getattr(entry, "shortcut", ""),
            getattr(entry, "keywords", ""),
        )

    @cached_property
    def nav(self) -> list[list[Link]]:
        """The rail's links in their groups."""
        if not self.member:
            return []
        entries = sorted(
            (entry for name, entry in registries.nav if name != BELL), key=lambda entry: entry.group
        )
        links = [link for entry in entries if (link := self._link(entry, entry.group))]
        return [list(group) for _, group in groupby(links, key=lambda link: link.group)]

    @cached_property
    def dock(self) -> list[Link]:
        """The first four links, for the bar at the bottom of a phone."""
        return [link for group in self.nav for link in group][:4]

    @cached_property
    def bell(self) -> Link | None:
        if not self.member or BELL not in registries.nav:
            return None
        return self._link(registries.nav[BELL], 0)

    @cached_property
    def hold(self) -> Link | None:
        if not self.member or HOLD not in registries.palette:
            return None
        return self._link(registries.palette[HOLD], 0)

    @cached_property
    def commands(self) -> list[Link]:
        """What the palette offers this member: every registered command, then the rail's places not among them."""
        if not self.member:
            return []
        found = [link for _, entry in registries.palette if (link := self._link(entry, "command"))]
        known = {link.href for link in found}
        places = [link for group in self.nav for link in group if link.href not in known]
        return found + places

    @cached_property
    def strip(self) -> list[StripFact]:
        """The facts at the top. A room that cannot say its own says so instead of taking the page down."""
        if not self.member:
            return []
        facts: list[StripFact] = []
        for name, provider in registries.strip:
            try:
                facts += provider(self.member)
            except Exception:
                log.exception("The strip could not ask %s.", name)
                facts.append(
                    StripFact(f"{name.replace('_', ' ').capitalize()}:", "not known now", "attention")
                )
        return facts

    @cached_property
    def workspaces(self) -> list[Link]:
        """The workspaces this person can switch to, by name; one query."""
        if not self.user:
            return []
        here = self.workspace.slug if self.workspace else ""
        rows = (
            Member.objects.filter(user=self.user, left_at__isnull=True)
            .order_by("workspace__name")
            .values_list("workspace__name", "workspace__slug")
        )
        links = []
        for name, slug in rows[:50]:
            href = address("desk", slug) or address("shell-search", slug)
            links.append(Link(name, href, "true" if slug == here else ""))
        return links

    @cached_property
    def settings(self) -> list[tuple[str, list[Link]]]:
        """The settings pages this member may open, under You, Workspace and Installation."""
        if not self.member:
            return []
        found = [
            link
            for _, entry in registries.settings_pages
            if (link := self._link(entry, entry.group)) and self._installation_is_theirs(entry.group)
        ]
        groups = [(title, [x for x in found if x.group == title]) for title in SETTINGS_GROUPS]
        return [(title, links) for title, links in groups if links]

    def _installation_is_theirs(self, group: str) -> bool:
        return group != "Installation" or bool(self.user and self.user.owns_installation)


def _count(entry, member: Member) -> int | None:
    """The number beside a link; a room that fails to count loses its number, not the page."""
    counter = getattr(entry, "count", None)
    if counter is None:
        return None
    try:
        return counter(member) or None
    except Exception:
        log.exception("The rail could not count %s.", entry.url_name)
        return None


def context(request: HttpRequest) -> dict:
    """Context processor: `frame` for every template, asking nothing until it is used."""
    return {"frame": Frame(request)}
