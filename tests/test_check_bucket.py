"""`quarterdeck check` on the bucket: written, read, emptied, or what failed in words."""

from __future__ import annotations

import re

import pytest

from quarterdeck.config.cli import check
from quarterdeck.studio import intake, jobs
from quarterdeck.studio.tests import pictures
from quarterdeck.studio.tests.s3 import SECRET
from tests import make

pytestmark = pytest.mark.django_db
pytest_plugins = "quarterdeck.studio.tests.s3"


def test_the_check_writes_reads_and_deletes_and_says_what_failed(s3, monkeypatch):
    monkeypatch.setattr("quarterdeck.config.cli.migrate.steps_missing", lambda: 0)
    monkeypatch.setattr("quarterdeck.core.backup.database.count_tables", lambda url: 1)
    intake.keep(make.workspace(), pictures.png(), "soup.png")
    [(grade, words)] = check._bucket()
    assert (grade, "1 files wait" in words) == ("good", True)
    assert s3.keys() == []
    for name, value, expected in (
        ("BUCKET", "no-such-bucket-here", "is not there|did not let us write"),
        ("ENDPOINT", "http://127.0.0.1:9", "did not let us write"),
        ("ENDPOINT", "not an address", "do not describe"),
        ("BUCKET", "../other", "do not describe"),
    ):
        with monkeypatch.context() as changed:
            changed.setenv(f"QUARTERDECK_S3_{name}", value)
            [(grade, words)] = check._bucket()
        assert grade == "bad"
        assert re.search(expected, words), words
        assert SECRET not in words
    jobs.move_those_that_wait()
    monkeypatch.setenv("QUARTERDECK_S3_BUCKET", "")
    assert [grade for grade, words in check._bucket() if "1 files lie in a bucket" in words] == ["bad"]
