"""The virus scanner: asked in its own protocol; while it is down files wait, in words, and are asked about again."""

from __future__ import annotations

import socket
import time
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from quarterdeck.studio import clamd, intake, jobs, reads
from quarterdeck.studio.clamd import Address, ScannerDown
from quarterdeck.studio.models import File, Piece, Scan
from quarterdeck.studio.tests import pictures
from quarterdeck.studio.tests.fake_clamd import FOUND, FakeClamd
from tests import make

TODAY = date(2026, 5, 20)


@pytest.fixture
def scanner(monkeypatch, tmp_path):
    def begin(**more) -> FakeClamd:
        made = FakeClamd(**more)
        monkeypatch.setenv("QUARTERDECK_CLAMD", made.address)
        return made

    return begin


def test_a_clean_file_and_one_with_something_in_it_over_both_kinds_of_socket(scanner, tmp_path):
    for where in ({}, {"path": tmp_path / "clamd.sock"}):
        with scanner(**where) as fake:
            assert clamd.scan(clamd.address(), [b"soup" * 50_000] * 2) == ""
            assert clamd.scan(clamd.address(), []) == ""
            assert clamd.scan(clamd.address(), [b"soup" + FOUND]) == "Eicar-Test-Signature"
        assert [len(one) for one in fake.scanned] == [400_000, 0, 4 + len(FOUND)]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"stream: OK", "no verdict"),  # cut short
        (b"UNKNOWN COMMAND\0", "no verdict"),
        (b"", "no verdict"),
        (b"x" * 5000, "no verdict"),
        (b"stream: Can't allocate memory ERROR\0", "no verdict"),
    ],
)
def test_an_answer_that_is_no_verdict_passes_nothing(scanner, answer, words):
    with scanner(answer=answer), pytest.raises(ScannerDown, match=words):
        clamd.scan(clamd.address(), [b"soup"])


def test_a_file_that_is_too_large_for_the_scanner_is_no_clean_file(scanner):
    with scanner(largest=1000), pytest.raises(ScannerDown, match="StreamMaxLength"):
        clamd.scan(clamd.address(), [b"x" * 60_000])


def test_a_scanner_that_is_away_or_says_nothing_is_a_sentence(monkeypatch, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
        monkeypatch.setattr(clamd, "TOTAL", 0.5)
        begun = time.monotonic()
        with pytest.raises(ScannerDown, match="in time"):
            clamd.scan(Address("127.0.0.1", port), [b"soup"])  # it accepts, and never answers
        assert time.monotonic() - begun < 5
    with pytest.raises(ScannerDown, match="cannot be reached"):
        clamd.scan(Address("127.0.0.1", port), [b"soup"])
    with pytest.raises(ScannerDown, match="cannot be reached"):
        clamd.scan(Address(path=str(tmp_path / "nothing.sock")), [b"soup"])


@pytest.mark.parametrize(
    "given", ["clamd", "tcp:host", "tcp:host:x", "http://h:1", "unix:relative", "tcp:h:1:2"]
)
def test_an_address_that_is_none_lets_nothing_pass(monkeypatch, given):
    monkeypatch.setenv("QUARTERDECK_CLAMD", given)
    with pytest.raises(ScannerDown, match="neither"):
        clamd.address()
    assert clamd.is_required()


def test_addresses(monkeypatch):
    assert clamd.address() is None
    for given, meant in {
        "tcp:[::1]:3310": Address("::1", 3310),
        "tcp:clamd.internal:3310": Address("clamd.internal", 3310),
        "unix:/run/clamav/clamd.ctl": Address(path="/run/clamav/clamd.ctl"),
    }.items():
        monkeypatch.setenv("QUARTERDECK_CLAMD", given)
        assert clamd.address() == meant


@pytest.mark.django_db
class TestFiles:
    def _barred(self, file: File) -> list[str]:
        found = reads.concerns(file.workspace_id, [file.pk], TODAY).get(file.pk.hex, [])
        assert list(reads.unusable(file.workspace_id, [file.pk]).values()) == found
        return found

    def test_without_a_scanner_nothing_waits(self):
        file = intake.keep(make.workspace(), pictures.png(), "soup.png")
        jobs.look(file.pk)
        assert self._barred(file) == []
        assert not Scan.objects.exists()

    def test_a_file_waits_until_the_scanner_is_back(self, scanner, monkeypatch):
        monkeypatch.setenv("QUARTERDECK_CLAMD", "unix:/nowhere/clamd.sock")
        file = intake.keep(make.workspace(), pictures.png(), "soup.png")
        assert self._barred(file) == ["“soup.png” is not scanned for viruses yet, so it is not used."]
        jobs.look_at_waiting()
        assert "cannot be reached" in self._barred(file)[0]
        monkeypatch.setenv("QUARTERDECK_CLAMD_POLICY", "advised")
        assert self._barred(file) == []
        monkeypatch.setenv("QUARTERDECK_CLAMD_POLICY", "required")
        with scanner() as fake:
            jobs.look_at_waiting()
            jobs.look_at_waiting()
        assert len(fake.scanned) == 1, "what has its verdict is not asked about again"
        assert self._barred(file) == []

    def test_what_the_scanner_found_is_neither_given_out_nor_offered(self, scanner):
        member = make.member("author")
        file = intake.keep(member.workspace, pictures.png(), "soup.png")
        Piece.objects.filter(file=file).update(data=FOUND)
        File.objects.filter(pk=file.pk).update(size=len(FOUND))
        with scanner():
            jobs.look(file.pk)
        assert self._barred(file) == ["The virus scanner found Eicar-Test-Signature in “soup.png”."]
        client = Client(headers={"host": "localhost"})
        client.force_login(member.user)
        parts = {"workspace": member.workspace.slug, "pk": file.pk}
        assert client.get(reverse("studio-file", kwargs=parts)).status_code == 409
        assert client.get(reverse("studio-file-small", kwargs=parts)).status_code == 409
        part = client.get(reverse("studio-file-choose", kwargs={"workspace": member.workspace.slug}))
        assert b"data-choose" not in part.content
        assert b"not to be used" in part.content

    def test_one_that_the_scanner_never_takes_does_not_keep_the_others(self, scanner):
        workspace = make.workspace()
        with scanner(largest=10_000):
            files = [intake.keep(workspace, pictures.png(colour=n), f"{n}.png") for n in (1, 2)]
            Piece.objects.filter(file=files[0]).update(data=bytes(50_000))
            File.objects.filter(pk=files[0].pk).update(size=50_000)
            jobs.look_at_waiting()
        assert "StreamMaxLength" in self._barred(files[0])[0]
        assert self._barred(files[1]) == []
