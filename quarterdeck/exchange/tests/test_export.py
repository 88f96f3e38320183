"""The full export: everything in open formats, nothing secret, nothing a spreadsheet runs, nobody listed by their
work; made by a job, kept a week, fetched by who asked.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import timedelta
from decimal import Decimal
from unittest import mock

import pytest
from django.test import Client
from django.urls import reverse

from quarterdeck.channels import verbs as channel_verbs
from quarterdeck.channels.contract import Connected, Secrets
from quarterdeck.channels.models import Credential
from quarterdeck.core import clock, registries
from quarterdeck.core.problems import Conflict
from quarterdeck.core.registries import ExportTable
from quarterdeck.crew import verbs as crew
from quarterdeck.crew.models import Invitation
from quarterdeck.exchange import archive, exporting, verbs
from quarterdeck.exchange.models import Export
from quarterdeck.exchange.tests import world
from quarterdeck.exchange.tests.world import NOW
from quarterdeck.publishing import verbs as publishing
from quarterdeck.publishing.verbs import labels
from quarterdeck.studio import intake as studio
from quarterdeck.studio.tests import pictures
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with clock.at(NOW):
        yield


def full() -> world.World:
    """A workspace with something in every table that a few acts can fill."""
    ours = world.two()
    picture = studio.keep(ours.lead.workspace, pictures.png(), "soup.png")
    post = publishing.draft(
        ours.author,
        brand=ours.brand,
        text='=HYPERLINK("https://evil.example")',
        channels=[ours.harbour],
        images=[{"file": picture.pk.hex, "alt": "+A bowl"}],
        following=[{"text": "Part two", "images": []}],
    )
    label = labels.make_label(ours.lead, name="Menu")
    labels.label_post(post, by=ours.lead, labels=[label])
    publishing.ask_approval(post, by=ours.author)
    publishing.approve(post, by=ours.lead, text_hash=post.text_hash, note="-Well done")
    publishing.schedule(post, by=ours.author, when=(NOW + timedelta(days=3)).replace(tzinfo=None))
    ours.imported([["Text"], ["Bread"], [""], ["@Butter"]])
    return ours


def made(by) -> tuple[Export, zipfile.ZipFile]:
    export = verbs.ask_export(by)
    exporting.make(export.pk)
    export.refresh_from_db()
    assert export.state == Export.State.READY, export.failure
    return export, zipfile.ZipFile(exporting.path(export))


def table(found: zipfile.ZipFile, name: str) -> list[dict]:
    return json.loads(found.read(f"{name}.json"))


def sheet(found: zipfile.ZipFile, name: str) -> list[dict]:
    return list(csv.DictReader(io.StringIO(found.read(f"{name}.csv").decode("utf-8-sig"))))


def test_everything_is_there_as_json_and_csv_and_explained():
    ours = full()
    export, found = made(ours.lead)
    assert found.testzip() is None
    assert {row["text"] for row in table(found, "posts")} == {
        '=HYPERLINK("https://evil.example")',
        "Bread",
        "@Butter",
    }
    (delivery, second) = table(found, "deliveries")
    assert (delivery["outcome"], delivery["channel"], delivery["wall_time"]) == (
        "planned",
        ours.harbour.name,
        "2026-03-12T12:00",
    )
    assert second["part"] == 2
    assert [row["role"] for row in table(found, "approvals")] == ["lead"]
    assert [row["name"] for row in table(found, "labels")] == ["Menu"]
    (picture,) = table(found, "pictures")
    assert found.read(f"images/{picture['file']}").startswith(b"\x89PNG")
    assert [row["images"] for row in table(found, "post_parts") if row["images"]] == [[picture["sha256"]]]
    readme = found.read("README.txt").decode()
    for name, part in registries.exports:
        assert name in readme
        assert part.about in readme
        if isinstance(part, ExportTable):
            rows, lines = table(found, name), sheet(found, name)
            assert len(rows) == len(lines)
            assert all(list(row) == list(line) for row, line in zip(rows, lines, strict=True))
    assert export.size == exporting.path(export).stat().st_size


def test_no_cell_of_a_csv_is_run_as_a_formula_and_the_json_is_exact():
    ours = full()
    _, found = made(ours.lead)
    for name in found.namelist():
        if name.endswith(".csv"):
            for line in csv.reader(io.StringIO(found.read(name).decode("utf-8-sig"))):
                assert not [cell for cell in line if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    texts = {line["text"] for line in sheet(found, "posts")}
    assert '\'=HYPERLINK("https://evil.example")' in texts
    assert sheet(found, "approvals")[0]["note"] == "'-Well done"
    assert table(found, "approvals")[0]["note"] == "-Well done"
    assert archive.as_cell(-3) == "-3"  # a number is no text
    assert archive.as_json(Decimal("120.5000")) == "120.5"
    assert archive.as_json(Decimal("1E+3")) == "1000"


def test_nothing_secret_is_in_it():
    ours = full()
    token = "s3cret-of-the-network"
    account = Connected(
        "harbour.example", "did:x", "Harbour", "https://pds.example", Secrets({"refresh": token})
    )
    channel = channel_verbs.connect(ours.lead, brand=ours.brand, network="bluesky", connected=account)
    invited = crew.invite(by=ours.lead, role="author", email="new@example.org")
    ours.lead.user.set_password("a-long-password")
    ours.lead.user.save()
    _, found = made(ours.lead)
    whole = b"".join(found.read(name) for name in found.namelist())
    assert b"harbour.example" in whole  # the channel itself is there
    sealed = bytes(Credential.objects.get(channel=channel).sealed)
    kept = bytes(Invitation.objects.get(pk=invited.invitation.pk).token_hash)
    for secret in (sealed, kept):
        assert secret not in whole
        assert secret.hex().encode() not in whole
    for secret in (
        token,
        ours.lead.user.password,
        "new@example.org",
        ours.author.user.email,
        "pbkdf2",
        "argon2",
    ):
        assert secret.encode() not in whole


def test_nobody_is_listed_by_their_work():
    ours = full()
    _, found = made(ours.lead)
    for name in found.namelist():
        if name.endswith(".json") and name != "people.json":
            said = found.read(name).decode()
            for person in (ours.lead, ours.author):
                assert str(person.pk) not in said, name
                assert f'"{person}"' not in said, name


def test_another_workspaces_things_are_not_in_it():
    full()
    other = make.member("owner", make.workspace("Elsewhere"))
    _, found = made(other)
    assert table(found, "posts") == table(found, "pictures") == table(found, "imported_rows") == []
    assert [row["workspace"] for row in table(found, "workspace")] == ["Elsewhere"]


# --- made by a job, kept a week --------------------------------------------------------------------------


def visit(who) -> Client:
    client = Client()
    client.force_login(who.user)
    return client


def url(who, name: str, **parts) -> str:
    return reverse(name, kwargs={"workspace": who.workspace.slug, **parts})


def test_the_pages_ask_say_how_far_and_give_it_to_who_asked_only():
    ours = full()
    owner = make.member("owner", ours.lead.workspace)
    client, page = visit(ours.lead), url(ours.lead, "exchange-export-list")
    assert client.post(page).status_code == 302
    asked = client.get(page)
    assert b"Writing everything down" in asked.content
    seen = asked.context["seen"]
    assert client.get(page, {"seen": seen}, headers={"HX-Request": "true"}).status_code == 204
    assert client.post(page).status_code == 409
    export = Export.objects.get()
    exporting.make(export.pk)
    assert client.get(page, {"seen": seen}, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    fetched = client.get(url(ours.lead, "exchange-export-file", pk=export.pk))
    assert fetched["Content-Type"] == "application/zip"
    assert b"".join(fetched.streaming_content)[:4] == b"PK\x03\x04"
    assert visit(owner).get(url(owner, "exchange-export-file", pk=export.pk)).status_code == 302
    assert visit(ours.author).get(url(ours.author, "exchange-export-file", pk=export.pk)).status_code == 403
    assert b"It can be fetched by whoever asked for it." in visit(owner).get(page).content


def test_after_seven_days_it_is_gone_and_what_a_killed_run_left_too():
    ours = full()
    export, _ = made(ours.lead)
    left = exporting.folder() / "x.1.part"
    left.write_bytes(b"x")
    exporting.clear()
    assert exporting.is_there(export)
    with clock.at(NOW + timedelta(days=7, minutes=1)):
        answer = visit(ours.lead).get(url(ours.lead, "exchange-export-file", pk=export.pk))
        assert answer.status_code == 404
        exporting.clear()
    assert not exporting.path(export).exists()
    import os

    os.utime(left, (0, 0))
    exporting.clear()
    assert not left.exists()


def test_run_twice_it_is_made_once_and_a_full_disk_is_said():
    ours = full()
    export, _ = made(ours.lead)
    exporting.make(export.pk)
    assert make.kinds_recorded(ours.lead.workspace).count("exchange.export.made") == 1
    with pytest.raises(Conflict):
        verbs.say_failed(export, words="x")
    full_disk = verbs.ask_export(ours.lead)
    with mock.patch.object(archive.shutil, "disk_usage", return_value=mock.Mock(free=1000)):
        exporting.make(full_disk.pk)
    full_disk.refresh_from_db()
    assert (full_disk.state, full_disk.failure) == (
        Export.State.FAILED,
        "There is too little room left on the disk that keeps it.",
    )
    assert not list(exporting.folder().glob(f"{full_disk.pk.hex}*"))


def test_one_that_stands_still_can_be_asked_for_again():
    ours = full()
    stuck = verbs.ask_export(ours.lead)
    with clock.at(NOW + timedelta(minutes=11)):
        verbs.ask_export(ours.lead)
    stuck.refresh_from_db()
    assert stuck.state == Export.State.FAILED
