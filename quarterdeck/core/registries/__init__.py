"""Where rooms meet without importing each other. Rooms declare entries; `config/wiring` registers them all.

Each registry is a typed list with names; registering a name twice is an error. `who` is the signed-in
`crew.Member`, which has `.workspace`, `.workspace_id`, `.pk` and `.may(permission) -> bool`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from quarterdeck.core.deeds import DeedProvider
from quarterdeck.core.registries.crossing import (
    DigestFor,
    DigestLine,
    DigestLines,
    DigestPart,
    ExportFiles,
    ExportTable,
    InboundMail,
    MailedFile,
    in_chunks,
)
from quarterdeck.core.registries.pages import (
    PRIVATE,
    AgendaItem,
    AgendaKind,
    AgendaProvider,
    AsideBlock,
    Command,
    ItemAction,
    NavEntry,
    ObjectAction,
    Panel,
    SearchHit,
    SearchProvider,
    SettingsPage,
    StripFact,
    StripProvider,
    Who,
)
from quarterdeck.core.registries.posts import (
    Concerned,
    FreeSlot,
    HeldSlot,
    HeldSlots,
    LintCheck,
    LintDraft,
    LintItem,
    LintText,
    MediaShown,
    MediaUse,
    MediaUser,
    NamedCounts,
    NamedPost,
    Objection,
    PlanCheck,
    PostsNaming,
    Proposed,
    Requirement,
    Requirements,
    Reviewable,
    SlotFinder,
    Trace,
    WeekRoom,
    WeekRooms,
)
from quarterdeck.core.registries.registry import Registry

__all__ = [
    "AgendaItem",
    "AgendaKind",
    "AgendaProvider",
    "AsideBlock",
    "Command",
    "Concerned",
    "DigestFor",
    "DigestLine",
    "DigestLines",
    "DigestPart",
    "ExportFiles",
    "ExportTable",
    "FreeSlot",
    "HeldSlot",
    "HeldSlots",
    "InboundMail",
    "ItemAction",
    "Kin",
    "LintCheck",
    "LintDraft",
    "LintItem",
    "LintText",
    "MailedFile",
    "MediaShown",
    "MediaUse",
    "MediaUser",
    "NamedCounts",
    "NamedPost",
    "NavEntry",
    "ObjectAction",
    "Objection",
    "PRIVATE",
    "Panel",
    "PlanCheck",
    "PostsNaming",
    "Proposed",
    "Registry",
    "Requirement",
    "Requirements",
    "Reviewable",
    "SearchHit",
    "SearchProvider",
    "SettingsPage",
    "SlotFinder",
    "StripFact",
    "StripProvider",
    "Trace",
    "WeekRoom",
    "WeekRooms",
    "Who",
    "actions",
    "agenda",
    "aside",
    "concerned",
    "deeds",
    "digest_lines",
    "exports",
    "held_slots",
    "in_chunks",
    "by_link",
    "inbound_mail",
    "kin",
    "lint",
    "media_uses",
    "nav",
    "own_pages",
    "palette",
    "panels",
    "plan_checks",
    "posts_naming",
    "reply_address",
    "requirements",
    "reviewables",
    "search",
    "settings_pages",
    "share_target",
    "slots",
    "strip",
    "traces",
    "week_room",
]

agenda: Registry[AgendaProvider] = Registry("agenda")

actions: Registry[ObjectAction] = Registry("actions")

deeds: Registry[DeedProvider] = Registry("deeds")  # asked by leadership/drafting.py alone

panels: Registry[Panel] = Registry("panels")

# What rooms show on a page behind a signed link to a thing; `context` gets the thing and the link instead of a member.
by_link: Registry[Panel] = Registry("by_link")

search: Registry[SearchProvider] = Registry("search")

media_uses: Registry[MediaUser] = Registry("media_uses")

palette: Registry[Command] = Registry("palette")

nav: Registry[NavEntry] = Registry("nav")

strip: Registry[StripProvider] = Registry("strip")

aside: Registry[AsideBlock] = Registry("aside")

settings_pages: Registry[SettingsPage] = Registry("settings")

lint: Registry[LintCheck] = Registry("lint")

plan_checks: Registry[PlanCheck] = Registry("plan_checks")

held_slots: Registry[HeldSlots] = Registry("held_slots")

requirements: Registry[Requirements] = Registry("requirements")

slots: Registry[SlotFinder] = Registry("slots")

exports: Registry[ExportTable | ExportFiles] = Registry("exports")

# What strategy asks the room of posts, which stands above it; one at most.
posts_naming: Registry[PostsNaming] = Registry("posts_naming")

# What belongs to a post: (post) gives pairs of a ledger name and the ids of its rows, whose events the post's whole
# life tells as well. Each room says it of its own.
Kin = Callable[[Any], Iterable[tuple[str, Iterable[Any]]]]
kin: Registry[Kin] = Registry("kin")
# Pages of the person themself, in no workspace: a label and a url name, listed where one chooses a workspace.
own_pages: Registry[tuple[str, str]] = Registry("own_pages")
reviewables: Registry[Reviewable] = Registry("reviewables")
# A post (a publishing.Post) -> what was said about it in other rooms, and when.
traces: Registry[Callable[[Any], Iterable[Trace]]] = Registry("traces")

# A post (a publishing.Post) -> who of other rooms has to do with it.
concerned: Registry[Callable[[Any], Iterable[Concerned]]] = Registry("concerned")

# The name of the page to which an installed app hands what a phone shares (title, text and url, by GET); one at most.
share_target: Registry[str] = Registry("share_target")

# The path of a page -> the address to which an answer to a mail about that page goes; empty where there is none.
reply_address: Registry[Callable[[str], str]] = Registry("reply_address")

# What stands in the weekly mail to one stakeholder: each room says what of it is theirs.
digest_lines: Registry[DigestLines] = Registry("digest_lines")

# A hook answers True when the message was its own; the first that does ends the walk.
inbound_mail: Registry[Callable[[InboundMail], bool]] = Registry("inbound_mail")

# How full weeks are; one at most. Where none is registered, nobody can say that a week has no room.
week_room: Registry[WeekRooms] = Registry("week_room")
