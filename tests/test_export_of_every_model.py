"""Every table of every room is in the full export, or stands here with the reason why not."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quarterdeck.channels.verbs import connect_sandbox
from quarterdeck.core import registries
from quarterdeck.core.registries import ExportTable
from quarterdeck.crew.permissions import Role
from quarterdeck.ideas import verbs as ideas
from quarterdeck.publishing import verbs as publishing
from quarterdeck.publishing.policies import Seat, Step
from quarterdeck.publishing.verbs.approval import Guest, approve_by_link
from quarterdeck.publishing.verbs.policies import Terms, make_policy
from quarterdeck.review import verbs as review
from tests import make, samples
from tests.samples.desk import a_week

pytestmark = pytest.mark.django_db

SECRET = "it signs somebody in, or opens something"
PERSONAL = "it is a person's own, or would list people by their work"
ON_THE_WAY = "it is work on its way, and gone when that is done"
AGAIN = "it is made again from what is exported"
INSTALLATION = "it is the installation's, not a workspace's"

NOT_EXPORTED = {
    "channels.Beginning": SECRET,
    "channels.Credential": SECRET,
    "crew.Invitation": SECRET,
    "crew.LinkOpening": SECRET,
    "crew.Absence": PERSONAL,
    "crew.Look": PERSONAL,
    "crew.Unmasking": PERSONAL,
    "crew.OwnerLink": SECRET,
    "crew.SignedLink": SECRET,
    "ideas.Address": SECRET,
    "ledger.Subject": SECRET,
    "ledger.SubjectKey": SECRET,
    "channels.SandboxAccount": "the Sandbox is a network of its own, which nobody reads",
    "channels.SandboxFile": "the Sandbox is a network of its own, which nobody reads",
    "channels.SandboxPost": "the Sandbox is a network of its own, which nobody reads",
    "crew.Destination": PERSONAL,
    "crew.Message": PERSONAL,
    "crew.Notification": PERSONAL,
    "crew.Preferences": PERSONAL,
    "crew.SeenMail": PERSONAL,
    "desk.HandOver": PERSONAL,
    "desk.Handled": PERSONAL,
    "leadership.Keeping": PERSONAL,
    "leadership.Sheet": PERSONAL,
    "planning.Watch": PERSONAL,
    "accountability.Draft": ON_THE_WAY,
    "channels.Checkup": ON_THE_WAY,
    "channels.FirstLook": ON_THE_WAY,
    "ledger.Pending": ON_THE_WAY,
    "ledger.ReactionCursor": ON_THE_WAY,
    "studio.Piece": ON_THE_WAY,
    "studio.Upload": ON_THE_WAY,
    "ledger.Payload": "its words stand in the rooms' own tables; here they are sealed, to be erased",
    "ledger.Tile": AGAIN,
    "publishing.LinkedPage": "what other people's pages said of themselves, kept to show it quickly",
    "studio.Scan": "what a scanner said once; a file is scanned again where it is brought",
    "studio.Small": AGAIN,
    "exchange.Export": "the list of exports is no part of one",
    "core.BackupRun": INSTALLATION,
    "core.Outage": INSTALLATION,
    "core.Setting": INSTALLATION,
}


def _models() -> dict[str, str]:
    """The table of every model of the rooms, by its name; the one between two models goes with these."""
    ours = [m for m in apps.get_models() if m.__module__.startswith("quarterdeck.")]
    return {m._meta.label: m._meta.db_table for m in ours}


def _read(workspace) -> set[str]:
    """The tables that the export reads, even where nothing stands in them."""
    with CaptureQueriesContext(connection) as asked:
        for _, entry in registries.exports:
            if isinstance(entry, ExportTable):
                list(entry.rows(workspace))
            else:
                list(entry.files(workspace))
    read = set(re.findall(r'(?:FROM|JOIN) "(\w+)"', " ".join(query["sql"] for query in asked)))
    return read | {"crew_workspace"}  # each is given the workspace itself


@pytest.fixture
def filled():
    """A workspace with something in every table that the samples of addresses fill."""
    workspace = make.workspace()
    for name, sample in samples.SAMPLES.items():
        if not name.startswith("exchange-export"):
            sample(workspace)
    a_week(workspace)
    idea = workspace.ideas.latest("made_at")
    ideas.promote(idea, by=idea.made_by)
    return workspace


def _table(workspace, name: str) -> list[dict]:
    return list(registries.exports[name].rows(workspace))


def test_every_model_is_exported_or_has_a_reason(filled):
    models, read = _models(), _read(filled)
    missing = {name for name, table in models.items() if table not in read} - NOT_EXPORTED.keys()
    assert not missing, f"neither exported nor named with a reason: {sorted(missing)}"
    assert not NOT_EXPORTED.keys() - models.keys()


def test_what_is_not_exported_is_not_read(filled):
    """Nor by a join: a secret that is not selected is still better not asked for."""
    read = _read(filled)
    assert not {name for name in NOT_EXPORTED if _models()[name] in read}


def test_rows_of_a_table_have_the_same_columns_and_nobody_is_in_them(filled):
    people = {str(one.pk) for one in filled.members.all()} | {one.pk.hex for one in filled.members.all()}
    empty = set()
    for name, entry in registries.exports:
        if not isinstance(entry, ExportTable):
            continue
        rows = list(entry.rows(filled))
        assert len({tuple(row) for row in rows}) <= 1, name
        assert not [one for one in people if one in str(rows)], name
        empty |= set() if rows else {name}
    assert empty <= MAY_BE_EMPTY, f"no sample fills {sorted(empty - MAY_BE_EMPTY)}"


def test_who_approved_from_outside_and_who_must_are_told_by_role():
    """A guest's voice has no role of the workspace, and a policy's seats name no one."""
    lead = make.member("lead", name="Bea")
    author = make.member("author", lead.workspace, "Ada")
    brand = lead.workspace.brands.get()
    seats = (Seat("member", author.pk.hex), Seat("guest", "dee@example.org"), Seat("role", Role.LEAD))
    make_policy(lead, terms=Terms("Legal", [Step("Law", "any", seats)], brand=brand))
    post = publishing.draft(author, brand=brand, text="Nettle soup.", channels=[])
    guest = review.invite(post, by=lead, name="Dee", address="dee@example.org", approve=True).guest
    publishing.ask_approval(post, by=author)
    approve_by_link(post, by=Guest(guest.link, guest.name, guest.address), text_hash=post.text_hash)
    assert [row["role"] for row in _table(lead.workspace, "approvals")] == ["guest"]
    (policy,) = _table(lead.workspace, "approval_policies")
    assert policy["steps"][0]["seats"] == ["member", "guest", "lead"]
    (cleared,) = _table(lead.workspace, "clearances")
    assert cleared["text_hash"] == post.text_hash
    review.comment(post, by=author, text="Warmer, please.")
    (comment,) = _table(lead.workspace, "comments")
    assert (comment["role"], comment["text"]) == ("author", "Warmer, please.")
    every = str(
        [_table(lead.workspace, name) for name in ("guests", "comments", "approvals", "approval_policies")]
    )
    assert "Dee" not in every
    assert "dee@example.org" not in every


def test_what_a_channel_says_instead_stands_beside_what_all_say():
    owner = make.member("owner")
    brand = owner.workspace.brands.get()
    channel = connect_sandbox(owner, brand=brand)
    own = {channel.pk.hex: [{"text": "Only here.", "images": []}]}
    post = publishing.draft(owner, brand=brand, text="Everywhere.", channels=[channel], overrides=own)
    publishing.edit(post, by=owner, version=1, text="Everywhere!", channels=[channel])
    rows = _table(owner.workspace, "post_parts")
    assert [(row["channel_id"], row["text"]) for row in rows] == [
        (None, "Everywhere!"),
        (channel.pk, "Only here."),
    ]
    versions = _table(owner.workspace, "post_versions")
    assert [(row["version"], row["text"]) for row in versions] == [(1, "Everywhere."), (2, "Everywhere!")]
    assert list(versions[0]["beside"]["overrides"]) == [channel.pk.hex]


MAY_BE_EMPTY = {
    "clearances",
    "approvals",
    "approval_reminders",
    "calendar_layer_days",
    "delivery_decisions",
    "hold_caught",
    "ledger_anchors",
    "network_posts",
    "numbers",
    "planning_rules",
    "series_posts",
    "short_links",
    "works_agreements",
}
