"""Files are a workspace's own: kept once, shown to its members, served as what they are."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from quarterdeck.core.problems import Invalid, NotFound
from quarterdeck.studio import images, intake, limits, reads
from quarterdeck.studio.models import File
from quarterdeck.studio.tests import pictures
from tests import make

pytestmark = pytest.mark.django_db


def client_of(member) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(member.user)
    return client


def test_a_picture_is_kept_once_and_served_as_what_it_is():
    member = make.member("author")
    client = client_of(member)
    kept = intake.keep(member.workspace, pictures.png(), "soup.html")
    assert (kept.width, kept.height, kept.name) == (3, 2, "soup.png")
    assert intake.keep(member.workspace, pictures.png(), "other.png").pk == kept.pk
    assert File.objects.count() == 1
    address = f"/w/{member.workspace.slug}/files/{kept.pk}/"
    served = client.get(address)
    assert served.content == pictures.png()
    assert served["Content-Type"] == "image/png"
    assert served["X-Content-Type-Options"] == "nosniff"
    assert served["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert served["Content-Disposition"] == 'inline; filename="soup.png"'
    assert "immutable" in served["Cache-Control"]
    assert "private" in served["Cache-Control"]
    again = client.get(address, headers={"if-none-match": served["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_another_workspace_neither_sees_nor_names_it():
    member, other = make.member("author"), make.member("owner", name="Cay")
    kept = intake.keep(member.workspace, pictures.png(), "soup.png")
    here = reverse("studio-file", kwargs={"workspace": other.workspace.slug, "pk": kept.pk})
    there = reverse("studio-file", kwargs={"workspace": member.workspace.slug, "pk": kept.pk})
    assert client_of(other).get(here).status_code == 404
    assert client_of(other).get(there).status_code == 404
    assert Client(headers={"host": "localhost"}).get(there).status_code == 302
    assert reads.files(other.workspace_id, [kept.pk]) == {}
    with pytest.raises(NotFound):
        reads.file(other.workspace, kept.pk)
    assert intake.keep(other.workspace, pictures.png(), "soup.png").pk != kept.pk


def test_what_is_no_picture_is_only_ever_saved():
    member = make.member("author")
    kept = intake.keep(member.workspace, pictures.png(), "soup.png")
    File.objects.filter(pk=kept.pk).update(mime="text/html", name="page.html")
    served = client_of(member).get(f"/w/{member.workspace.slug}/files/{kept.pk}/")
    assert served["Content-Type"] == "application/octet-stream"
    assert served["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<script>alert(1)</script>", "not a JPEG, PNG, GIF or WebP"),
        (bytes(images.LARGEST + 1), "larger than the 20 MB"),
        (pictures.jpeg(17_000, 10), "17,000"),
    ],
)
def test_a_refusal_says_which_file_and_why(data, words):
    member = make.member("author")
    with pytest.raises(Invalid) as refused:
        intake.keep(member.workspace, data, "C:\\tmp\\so\x00up\u202e.png")
    assert "“soup.png”" in refused.value.title
    assert words in refused.value.title
    assert not File.objects.exists()


def test_a_workspace_that_is_full_says_so(monkeypatch):
    member = make.member("author")
    monkeypatch.setattr(limits, "room", lambda: 80)
    intake.keep(member.workspace, pictures.png(), "a.png")
    with pytest.raises(Invalid, match="has room for"):
        intake.keep(member.workspace, pictures.png(4, 4), "b.png")
    intake.keep(member.workspace, pictures.png(), "a.png")


@pytest.mark.parametrize("role", ["observer", "analyst", "approver"])
def test_who_may_not_write_may_look_and_not_add(role):
    member = make.member(role)
    bring = reverse("studio-bring", kwargs={"workspace": member.workspace.slug})
    assert (
        client_of(member).post(bring, {"file": SimpleUploadedFile("a.png", pictures.png())}).status_code
        == 403
    )
    kept = intake.keep(member.workspace, pictures.png(), "a.png")
    assert client_of(member).get(f"/w/{member.workspace.slug}/files/{kept.pk}/").status_code == 200
