"""Videos in the library: brought in pieces, cleaned, kept once, given out in parts to those who may see them."""

from __future__ import annotations

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from quarterdeck.core.problems import Invalid
from quarterdeck.studio import intake, jobs, limits, reads, verbs
from quarterdeck.studio.models import PIECE, File, Piece, Small, Upload
from quarterdeck.studio.storage.database import Database
from quarterdeck.studio.tests import videos
from quarterdeck.studio.tests.videos import PLACE, TELLING_BOXES, box, brought, mp4
from quarterdeck.studio.views import files
from tests import make

pytestmark = pytest.mark.django_db

TELLING = b"".join(TELLING_BOXES.values())


@pytest.fixture
def mia():
    return make.member("author", name="Mia")


def client_of(member) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(member.user)
    return client


def long_video() -> bytes:
    """Of three pieces and a bit, with where it was made at both ends and across the border of two pieces."""
    across = PIECE - len(mp4(videos.picture())) + 700
    return mp4(before=box(b"free", bytes(across)) + TELLING, after=box(b"udta", PLACE * 60_000))


def here(member, name: str, file: File) -> str:
    return reverse(name, kwargs={"workspace": member.workspace.slug, "pk": file.pk})


def test_a_video_comes_in_pieces_and_leaves_behind_where_it_was_made(mia):
    data = long_video()
    assert len(data) > 3 * PIECE
    kept = brought(mia, data)
    assert (kept.name, kept.mime, kept.size) == ("soup.mp4", "video/mp4", len(data))
    assert (kept.width, kept.height, kept.seconds, kept.length) == (128, 96, 4.0, "0:04")
    assert kept.codecs == "H.264, AAC"
    whole = b"".join(reads.pieces(kept))
    assert hashlib.sha256(whole).hexdigest() == kept.sha256
    assert PLACE not in whole
    for sample in videos.picture().samples:
        assert data.index(sample) == whole.index(sample)
    assert not Piece.objects.filter(file=None).exists()
    assert brought(mia, data, "again.mp4").pk == kept.pk, "the same one is kept once"
    assert Piece.objects.count() == 4


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (mp4()[:-40], "cut short"),
        (mp4(after=box(b"moof")), "in fragments"),
        (mp4(brand=b"heic"), "HEIC"),
        (b"\x1aE\xdf\xa3" + bytes(60), "WebM"),
    ],
)
def test_one_that_is_not_taken_is_refused_in_words_and_leaves_nothing(mia, data, words):
    with pytest.raises(Invalid, match=words) as refused:
        brought(mia, data)
    assert refused.value.title.startswith("“soup.mp4” was not added.")
    assert not File.objects.exists()


def test_how_large_one_may_be_is_a_setting(mia, monkeypatch):
    monkeypatch.setenv("QUARTERDECK_VIDEO_MB", "25")
    with pytest.raises(Invalid, match="25 MB"):
        intake.begin(mia, key="k", name="x.mp4", size=25 * 2**20 + 1)
    for given, meant in {"": 512, "many": 512, "0": 1, "99999": 1900, "-5": 512}.items():
        monkeypatch.setenv("QUARTERDECK_VIDEO_MB", given)
        assert limits.largest_video() == meant * 2**20


def test_a_large_file_that_is_no_video_is_refused_before_it_is_read(mia):
    data = bytes(20 * 2**20 + 1)
    with pytest.raises(Invalid, match="no MP4 or MOV video, and larger than the 20 MB"):
        brought(mia, data, "soup.bin")


def test_without_a_script_a_video_comes_too(mia):
    url = reverse("studio-bring", kwargs={"workspace": mia.workspace.slug})
    given = [
        SimpleUploadedFile(name, data) for name, data in {"a.mov": long_video(), "b.mp4": b"none"}.items()
    ]
    client_of(mia).post(url, {"file": [*given, SimpleUploadedFile("c.mp4", mp4()[:-9])]})
    assert [one.name for one in File.objects.all()] == ["a.mp4"]
    assert Upload.objects.count() == 1, "what was refused waits for nothing"


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-1", 0, 2),
        ("bytes=5-", 5, None),
        ("bytes=-10", -10, None),
        ("bytes=1048570-1048580", 1048570, 1048581),
        ("bytes=3000000-99999999999", 3000000, None),
    ],
)
def test_a_part_is_given_to_who_asks_for_it(mia, asked, start, end):
    kept = brought(mia, long_video())
    whole = b"".join(reads.pieces(kept))
    answer = client_of(mia).get(here(mia, "studio-video", kept), headers={"range": asked})
    assert (answer.status_code, answer["Accept-Ranges"], answer["Content-Type"]) == (
        206,
        "bytes",
        "video/mp4",
    )
    assert answer.content == whole[start:end]
    first = start % len(whole)
    assert answer["Content-Range"] == f"bytes {first}-{first + len(answer.content) - 1}/{len(whole)}"
    assert answer["Content-Security-Policy"] == files.PLAYED


def test_an_answer_is_never_longer_than_a_few_megabytes(mia, monkeypatch):
    monkeypatch.setattr(files, "AT_ONCE", 1000)
    kept = brought(mia, long_video())
    answer = client_of(mia).get(here(mia, "studio-video", kept), headers={"range": "bytes=10-"})
    assert (len(answer.content), answer["Content-Range"]) == (1000, f"bytes 10-1009/{kept.size}")
    whole = client_of(mia).get(here(mia, "studio-video", kept))
    assert whole.streaming
    assert b"".join(whole.streaming_content) == b"".join(reads.pieces(kept))


def test_a_part_that_is_not_there_or_makes_no_sense(mia):
    kept, client = brought(mia, mp4()), client_of(mia)
    url = here(mia, "studio-video", kept)
    past = client.get(url, headers={"range": f"bytes={kept.size}-"})
    assert (past.status_code, past["Content-Range"]) == (416, f"bytes */{kept.size}")
    for asked in ("bytes=9-5", "bytes=-", "bytes=0-1,4-5", "lines=0-1", "bytes=x-"):
        assert client.get(url, headers={"range": asked}).status_code == 200
    changed = client.get(url, headers={"range": "bytes=0-1", "if-range": '"another"'})
    assert changed.status_code == 200
    same = client.get(url, headers={"range": "bytes=0-1", "if-range": changed["ETag"]})
    assert same.status_code == 206
    head = client.head(url)
    assert (head.content, head["Content-Length"]) == (b"", str(kept.size))


def test_nobody_else_gets_a_byte_of_it(mia):
    kept, other = brought(mia, mp4()), make.member("owner", name="Cay")
    for name in ("studio-video", "studio-file", "studio-file-small"):
        assert (
            client_of(other).get(here(other, name, kept), headers={"range": "bytes=0-1"}).status_code == 404
        )
        assert client_of(other).get(here(mia, name, kept), headers={"range": "bytes=0-1"}).status_code == 404
    answer = Client(headers={"host": "localhost"}).get(here(mia, "studio-video", kept))
    assert answer.status_code == 302


def test_the_library_shows_its_length_and_asks_for_a_description(mia):
    kept = brought(mia, mp4(seconds=125), "soup.mov")
    client = client_of(mia)
    page = client.get(reverse("studio-library", kwargs={"workspace": mia.workspace.slug})).content.decode()
    assert "Video, 2:05, 7" in page
    assert here(mia, "studio-video", kept) in page
    shown = client.get(here(mia, "studio-card", kept)).content.decode()
    assert "<video" in shown
    assert "No description yet" in shown
    assert "H.264, AAC" in shown
    assert "Cut for networks" not in shown
    sign = client.get(here(mia, "studio-file-small", kept))
    assert (sign["Content-Type"], b"2:05" in sign.content) == ("image/svg+xml", True)
    address = reverse("studio-library", kwargs={"workspace": mia.workspace.slug})
    assert b"soup.mp4" in client.get(f"{address}?kind=video").content
    assert b"soup.mp4" not in client.get(f"{address}?kind=moving").content


def test_no_small_picture_is_drawn_of_it_and_it_cannot_be_cut(mia):
    kept = brought(mia, mp4())
    jobs.draw(kept.pk)
    assert not jobs._without_small().exists()
    assert not Small.objects.exists()
    cut = reverse(
        "studio-cut", kwargs={"workspace": mia.workspace.slug, "pk": kept.pk, "place": "instagram-square"}
    )
    assert client_of(mia).get(cut).status_code == 422


def test_deleted_for_good_its_bytes_go(mia):
    kept, lead = brought(mia, long_video()), make.member("lead", of=mia.workspace, name="Lee")
    verbs.put_aside([kept], by=lead)
    verbs.remove_for_good(reads.file(mia.workspace, kept.pk), by=lead)
    assert not Piece.objects.exists()


def test_put_twice_it_is_the_same_and_it_can_be_let_go(mia):
    kept, store = brought(mia, long_video()), Database()
    whole = b"".join(reads.pieces(kept))
    store.put(kept, (whole[at : at + 70_000] for at in range(0, len(whole), 70_000)))
    assert b"".join(reads.pieces(kept)) == whole
    assert store.exists(kept)
    store.delete(kept)
    store.delete(kept)
    assert not store.exists(kept)
