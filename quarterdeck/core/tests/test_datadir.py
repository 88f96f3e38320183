"""The data directory: private, marked with its version, one `up` at a time."""

from __future__ import annotations

import json
import os
import stat

import pytest

from quarterdeck.core import datadir
from quarterdeck.core.journal import Journal


def test_it_is_made_private_and_marked(tmp_path):
    datadir.ensure(tmp_path / "data")
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    assert json.loads((tmp_path / "data" / "quarterdeck.json").read_text())["data"] == datadir.DATA_VERSION
    datadir.ensure(tmp_path / "data")
    assert sorted(entry.name for entry in (tmp_path / "data").iterdir()) == ["quarterdeck.json"]


def test_one_that_others_could_look_into_is_closed_and_said(tmp_path):
    data = tmp_path / "data"
    for mode in (0o755, 0o750, 0o777):
        data.mkdir(exist_ok=True)
        data.chmod(mode)
        assert f"(mode {mode:04o}); it is closed to them now (mode 0700)" in datadir.ensure(data)
        assert stat.S_IMODE(data.stat().st_mode) == 0o700
        assert datadir.ensure(data) == ""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has another account run PostgreSQL")
def test_postgresqls_own_account_can_still_pass_through(tmp_path):
    tmp_path.chmod(0o711)
    assert datadir.ensure(tmp_path) == "", "root chose this"
    (tmp_path / "postgres").mkdir()
    tmp_path.chmod(0o755)
    assert "(mode 0711)" in datadir.ensure(tmp_path)


def test_one_of_another_account_is_refused_and_left_alone(tmp_path, monkeypatch):
    tmp_path.chmod(0o770)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 4242)
    with pytest.raises(datadir.DataProblem, match="belongs to another account"):
        datadir.ensure(tmp_path)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o770
    assert list(tmp_path.iterdir()) == []


def test_a_newer_version_is_refused_and_left_alone(tmp_path):
    marker = tmp_path / "quarterdeck.json"
    marker.write_text('{"data": 2, "quarterdeck": "9.1"}')
    with pytest.raises(datadir.DataProblem, match="written by a newer Quarterdeck .9.1"):
        datadir.ensure(tmp_path)
    assert marker.read_text() == '{"data": 2, "quarterdeck": "9.1"}'


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"data": "x"}', "\x00"])
def test_a_damaged_marker_is_said(tmp_path, text):
    (tmp_path / "quarterdeck.json").write_text(text)
    with pytest.raises(datadir.DataProblem, match="is damaged"):
        datadir.ensure(tmp_path)


def test_a_file_in_its_place_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(datadir.DataProblem, match="is not a directory"):
        datadir.ensure(tmp_path / "file")


def test_one_at_a_time_and_who_has_it_is_named(tmp_path):
    first, second = datadir.Lock(tmp_path), datadir.Lock(tmp_path)
    first.take("up")
    assert not first.left_behind
    with pytest.raises(datadir.InUse, match=rf"“quarterdeck up” \(process {os.getpid()}\)"):
        second.take("backup")
    first.release()
    second.take("backup")
    assert not second.left_behind, "the first let go of it in order"


def test_a_holder_that_was_killed_is_noticed(tmp_path):
    child = os.fork()
    if child == 0:
        datadir.Lock(tmp_path).take("up")
        os._exit(0)
    os.waitpid(child, 0)
    lock = datadir.Lock(tmp_path)
    lock.take("up")
    assert lock.left_behind
    lock.release()


def test_what_runs_is_told_privately(tmp_path):
    assert datadir.read_running(tmp_path) == {}
    datadir.write_running(tmp_path, {"DATABASE_URL": "postgresql://x", "QUARTERDECK_PORT": "8310"})
    assert stat.S_IMODE((tmp_path / "running.json").stat().st_mode) == 0o600
    assert datadir.read_running(tmp_path)["QUARTERDECK_PORT"] == "8310"
    datadir.remove_running(tmp_path)
    datadir.remove_running(tmp_path)
    assert datadir.read_running(tmp_path) == {}


def test_the_log_is_private_has_names_and_rotates(tmp_path, monkeypatch):
    monkeypatch.setattr("quarterdeck.core.journal.LARGEST", 300)
    journal = Journal(tmp_path / "quarterdeck.log", terminal=False)
    for number in range(40):
        journal.write("web", f"line {number}")
    journal.close()
    logs = sorted(tmp_path.glob("quarterdeck.log*"))
    assert [path.name for path in logs] == ["quarterdeck.log", *(f"quarterdeck.log.{n}" for n in range(1, 6))]
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 and path.stat().st_size <= 300 for path in logs)
    assert " web       | line 39\n" in logs[0].read_text()


def test_a_log_that_cannot_be_written_stops_nothing_and_is_said_once(tmp_path, capsys):
    journal = Journal(tmp_path / "quarterdeck.log")
    os.close(journal._descriptor)
    journal._descriptor = os.open("/dev/full", os.O_WRONLY)
    journal.write("web", "one")
    journal.write("web", "two")
    out = capsys.readouterr().out
    assert "one" in out
    assert "two" in out
    assert out.count("cannot be written: No space left on device") == 1


def test_a_directory_that_holds_something_else_is_not_touched(tmp_path):
    (tmp_path / "letters").write_text("not ours")
    tmp_path.chmod(0o755)
    with pytest.raises(datadir.DataProblem, match="holds what is not Quarterdeck's. Nothing was changed"):
        datadir.ensure(tmp_path)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
    assert [entry.name for entry in tmp_path.iterdir()] == ["letters"]
