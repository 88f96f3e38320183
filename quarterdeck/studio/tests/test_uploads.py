"""Files that come in pieces: each piece once, in order, bounded, and gone on with after whatever happened."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict, Invalid, NotFound
from quarterdeck.studio import images, intake, reads
from quarterdeck.studio.intake import uploads
from quarterdeck.studio.models import PIECE, File, Piece, Upload
from quarterdeck.studio.tests import photos
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def mia():
    return make.member("author", name="Mia")


@pytest.fixture
def client(mia):
    made = Client(headers={"host": "localhost", "accept": "application/json"})
    made.force_login(mia.user)
    return made


def noisy_photo() -> bytes:
    """More than two pieces, because nothing in it repeats."""
    made = Image.frombytes("RGB", (2000, 1400), random.Random(4).randbytes(2000 * 1400 * 3))
    data = photos.jpeg(made, quality=90)
    assert 2 * PIECE < len(data) < 3 * PIECE
    return data


def begin(client, mia, data: bytes, key: str = "soup.1"):
    at = reverse("studio-upload-begin", kwargs={"workspace": mia.workspace.slug})
    return client.post(at, {"key": key, "name": "soup.jpg", "size": len(data)})


def send(client, url: str, offset: int, data: bytes):
    kind = "application/offset+octet-stream"
    return client.patch(url, data, content_type=kind, headers={"upload-offset": str(offset)})


def test_a_photo_comes_in_pieces_some_of_them_twice(client, mia, monkeypatch):
    data = noisy_photo()
    begun = begin(client, mia, data).json()
    middle = PIECE
    assert send(client, begun["url"], 0, data[:middle])["Upload-Offset"] == str(middle)
    assert send(client, begun["url"], 0, data[:middle]).json()["offset"] == middle, "the same piece again"
    assert client.post(begun["complete"]).status_code == 409, "half of it is missing"
    early = send(client, begun["url"], 2 * middle, data[2 * middle :])
    assert early.status_code == 409
    assert f"{middle:,}" in early.json()["title"]
    assert client.head(begun["url"])["Upload-Offset"] == str(middle)
    again = begin(client, mia, data)  # after a reload, by the browser's own key
    assert (again.json()["url"], again.json()["offset"]) == (begun["url"], middle)
    send(client, begun["url"], middle, data[middle : 2 * middle])
    send(client, begun["url"], 2 * middle, data[2 * middle :])
    answer = client.post(begun["complete"])
    assert answer.status_code == 201
    kept = File.objects.get()
    assert (answer.json()["file"], answer.json()["name"]) == (kept.pk.hex, "soup.jpg")
    assert reads.data(kept.pk) == images.read(data).data
    assert not Piece.objects.filter(file=None).exists()
    assert client.post(begun["complete"]).json()["file"] == kept.pk.hex, "completed twice, it is the same"
    assert File.objects.count() == 1


def test_what_is_no_picture_is_refused_at_the_end_and_can_be_given_up(client, mia):
    data = b"%PDF-1.7 not a picture"
    begun = begin(client, mia, data).json()
    send(client, begun["url"], 0, data)
    answer = client.post(begun["complete"])
    assert answer.status_code == 422
    assert "“soup.jpg” was not added. This is a PDF" in answer.json()["title"]
    assert client.delete(begun["url"]).status_code == 204
    assert not Upload.objects.exists()
    assert client.get(begun["url"]).status_code == 404


def test_pieces_and_files_are_bounded(client, mia):
    assert begin(client, mia, b"").status_code == 422
    upload = intake.begin(mia, key="k", name="x", size=PIECE + 2)
    at = reverse("studio-upload", kwargs={"workspace": mia.workspace.slug, "pk": upload.pk})
    assert send(client, at, 0, bytes(PIECE + 1)).status_code == 422
    assert client.patch(at, b"x", content_type="text/plain").status_code == 422, "it says where it begins"
    for offset, data in ((0, b""), (0, b"x"), (5, b"x"), (PIECE, b"x"), (PIECE, b"xyz")):
        with pytest.raises(Invalid, match="does not fit"):
            intake.take(upload, offset=offset, data=data)
    with pytest.raises(Invalid, match="512 MB"):
        intake.begin(mia, key="big", name="x", size=512 * 2**20 + 1)
    with pytest.raises(Conflict, match="Another file"):
        intake.begin(mia, key="k", name="x", size=5)


def test_not_too_much_is_on_its_way_at_once(mia, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_OPEN", 2)
    for key in ("a", "b"):
        intake.begin(mia, key=key, name="x", size=5)
    with pytest.raises(Conflict, match="Too much"):
        intake.begin(mia, key="c", name="x", size=5)
    assert intake.begin(mia, key="a", name="x", size=5), "those that are on their way go on"
    monkeypatch.setattr(uploads, "MOST_OPEN", 9)
    monkeypatch.setattr(uploads, "MOST_WAITING", 12)
    with pytest.raises(Conflict, match="Too much"):
        intake.begin(mia, key="c", name="x", size=5)


def test_nobody_goes_on_with_what_somebody_else_began(client, mia):
    other = make.member("author", of=mia.workspace, name="Bo")
    theirs = intake.begin(other, key="k", name="x", size=5)
    at = reverse("studio-upload", kwargs={"workspace": mia.workspace.slug, "pk": theirs.pk})
    assert send(client, at, 0, b"x").status_code == 404
    assert client.delete(at).status_code == 404
    assert client.post(f"{at}complete/").status_code == 404
    assert intake.begin(mia, key="k", name="x", size=5).pk != theirs.pk


def test_one_that_stands_still_for_three_days_is_let_go(mia):
    old = intake.begin(mia, key="old", name="x", size=PIECE + 5)
    intake.take(old, offset=0, data=bytes(PIECE))
    Upload.objects.update(moved_at=clock.now() - timedelta(days=3, minutes=1))
    intake.begin(mia, key="new", name="x", size=5)
    with pytest.raises(NotFound, match="three days"):
        intake.take(old, offset=0, data=b"abcde")
    assert not Piece.objects.exists()
