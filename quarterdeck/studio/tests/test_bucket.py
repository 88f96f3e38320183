"""Files in a bucket: moved there by the worker, read back before the database lets them go, said in words when the
bucket is away. Against a server that speaks S3."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from quarterdeck.core import clock
from quarterdeck.studio import intake, jobs, reads, storage, verbs
from quarterdeck.studio.models import PIECE, File, Piece
from quarterdeck.studio.storage import Gone, Unreachable, bucket, database, moving
from quarterdeck.studio.tests import photos, pictures
from quarterdeck.studio.tests.s3 import SECRET
from quarterdeck.studio.tests.videos import box, brought, mp4
from tests import make

pytestmark = pytest.mark.django_db
pytest_plugins = "quarterdeck.studio.tests.s3"


@pytest.fixture
def mia():
    return make.member("author", name="Mia")


def long_video() -> bytes:
    return mp4(before=box(b"free", bytes(10 * PIECE)))


def test_a_picture_and_a_video_of_several_parts_are_moved_and_read_as_before(s3, mia):
    picture = intake.keep(mia.workspace, photos.jpeg(), "soup.jpg")
    video = brought(mia, long_video())
    before = {one.pk: b"".join(reads.pieces(one)) for one in (picture, video)}
    jobs.move_those_that_wait()
    assert not Piece.objects.exists()
    assert sorted(s3.keys()) == sorted(bucket.key(one) for one in (picture, video))
    for one in File.objects.all():
        assert one.in_bucket
        assert storage.of(one).exists(one)
        assert b"".join(reads.pieces(one)) == before[one.pk]
        assert b"".join(reads.pieces(one, 5, 2 * PIECE + 3)) == before[one.pk][5 : 2 * PIECE + 3]
    assert reads.data(picture.pk) == before[picture.pk]
    moving.move(picture.pk)  # twice, it is the same
    jobs.draw(picture.pk)
    assert reads.file(mia.workspace, picture.pk).small.mime == "image/webp"


def test_it_is_served_in_parts_to_those_who_may_see_it(s3, mia):
    video = brought(mia, long_video())
    moving.move(video.pk)
    client = Client(headers={"host": "localhost"})
    client.force_login(mia.user)
    url = reverse("studio-video", kwargs={"workspace": mia.workspace.slug, "pk": video.pk})
    answer = client.get(url, headers={"range": f"bytes={PIECE - 2}-{PIECE + 1}"})
    assert (answer.status_code, answer.content) == (206, bytes(4))
    whole = client.get(url)
    assert sum(map(len, whole.streaming_content)) == video.size


def test_one_that_is_moved_while_it_is_read_is_read_on(s3, mia):
    video = brought(mia, long_video())
    reading = reads.pieces(video)
    begun = [next(reading), next(reading)]
    moving.move(video.pk)
    assert sum(map(len, [*begun, *reading])) == video.size


def test_while_the_bucket_is_away_files_stay_and_are_given_out(s3, mia, monkeypatch, caplog):
    monkeypatch.setenv("QUARTERDECK_S3_ENDPOINT", "http://127.0.0.1:9")
    kept = intake.keep(mia.workspace, pictures.png(), "soup.png")
    with caplog.at_level(logging.WARNING):
        jobs.move_those_that_wait()
    assert "did not let us write" in caplog.text
    assert SECRET not in caplog.text
    assert reads.data(kept.pk) == pictures.png()
    assert not File.objects.get().in_bucket


def test_a_file_whose_bucket_is_away_is_said_in_words(s3, mia, monkeypatch):
    kept = intake.keep(mia.workspace, pictures.png(), "soup.png")
    moving.move(kept.pk)
    monkeypatch.setenv("QUARTERDECK_S3_ENDPOINT", "http://127.0.0.1:9")
    client = Client(headers={"host": "localhost", "accept": "application/json"})
    client.force_login(mia.user)
    answer = client.get(reverse("studio-file", kwargs={"workspace": mia.workspace.slug, "pk": kept.pk}))
    assert answer.status_code == 503
    assert "did not let us read" in answer.json()["title"]
    jobs.draw(kept.pk)
    assert not hasattr(File.objects.get(), "small"), "it is drawn when the bucket is back"
    assert SECRET not in answer.content.decode()


def test_what_comes_back_otherwise_is_not_believed(s3, mia, monkeypatch):
    kept = intake.keep(mia.workspace, pictures.png(), "soup.png")
    monkeypatch.setattr(bucket.Bucket, "_part", lambda self, name, start, end: bytes(end - start))
    with pytest.raises(Unreachable, match="something else"):
        moving.move(kept.pk)
    assert Piece.objects.filter(file=kept).exists()


def test_one_that_was_deleted_while_it_moved_leaves_nothing(s3, mia, monkeypatch):
    kept = intake.keep(mia.workspace, pictures.png(), "soup.png")
    there = bucket.Bucket.put

    def deleted_meanwhile(self, file, pieces):
        there(self, file, pieces)
        File.objects.all().delete()

    monkeypatch.setattr(bucket.Bucket, "put", deleted_meanwhile)
    moving.move(kept.pk)
    assert s3.keys() == []


def test_deleted_for_good_it_goes_when_no_backup_names_it_any_more(s3, mia):
    from procrastinate.contrib.django.models import ProcrastinateJob

    kept, lead = intake.keep(mia.workspace, pictures.png(), "soup.png"), make.member("lead", of=mia.workspace)
    moving.move(kept.pk)
    verbs.put_aside([kept], by=lead)
    verbs.remove_for_good(reads.file(mia.workspace, kept.pk), by=lead)
    job = ProcrastinateJob.objects.get(task_name="studio.drop")
    assert job.scheduled_at > clock.now() + timedelta(days=14)
    assert s3.keys() == [job.args["key"]]
    bucket.Bucket().delete_key(job.args["key"])
    bucket.Bucket().delete_key(job.args["key"])
    assert s3.keys() == []


def test_a_file_that_is_gone_from_the_bucket_is_said(s3, mia):
    kept = intake.keep(mia.workspace, pictures.png(), "soup.png")
    moving.move(kept.pk)
    kept.refresh_from_db()
    s3.delete_object(Bucket=s3.named, Key=bucket.key(kept))
    assert not storage.of(kept).exists(kept)
    with pytest.raises(Gone, match="is not there"):
        reads.data(kept.pk)


def test_without_the_package_it_is_said_how_to_install_it(s3, mia, monkeypatch):
    import sys

    bucket._store.cache_clear()
    monkeypatch.setitem(sys.modules, "obstore.store", None)
    with pytest.raises(Unreachable) as refused:
        bucket.Bucket()
    assert refused.value.next_step == 'Install it with: pip install "quarterdeck[s3]"'
    bucket._store.cache_clear()


def test_without_a_bucket_nothing_moves(mia):
    kept = intake.keep(mia.workspace, pictures.png(), "soup.png")
    jobs.move_those_that_wait()
    moving.move(kept.pk)
    assert database.Database().exists(kept)
