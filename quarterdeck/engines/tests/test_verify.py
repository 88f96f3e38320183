"""verify.py: what it takes for proved is what the engines prove, and every bad file is refused with its reason."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.engines import merkle, verify
from quarterdeck.engines.tests import _packs as packs

LOG = packs.Log(11)
BAD = packs.bad()


def check(pack, keys=(), now=packs.NOW):
    return verify.check(packs.data(pack), keys, now)


def test_a_sound_file_is_read_by_its_own_key_and_by_the_readers():
    own = check(LOG.pack(3, 4))
    assert not own.key_given
    assert [(one.place, one.told, one.hidden) for one in own.entries] == [
        (3, {"state": "ready 3"}, ["words"]),
        (4, {"state": "ready 4"}, ["words"]),
    ]
    assert check(LOG.pack(3), [LOG.key]).key_given
    assert check(LOG.pack(3, show=("state", "words"))).entries[0].hidden == []


def test_the_three_lines_say_who_when_and_what_stands_and_what_is_not_shown():
    own = verify.words(check(LOG.pack(3, 4)))
    assert own[0].startswith(f"Who signed: the log {packs.ORIGIN}, with the key ")
    assert "came inside this file" in own[0]
    assert own[1] == (
        "Recorded when: 2025-10-09 08:36:43 UTC to 2025-10-09 08:36:44 UTC,"
        " in the log’s own clock; not anchored outside yet."
    )
    assert "2 entries stand among the 11" in own[2]
    assert "  stays hidden: words" in own
    assert own[-1].startswith("What this does not show")
    assert "is the one you gave" in verify.words(check(LOG.pack(3), [LOG.key]))[0]


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_with_the_reason(name):
    data, reason = BAD[name]
    with pytest.raises(verify.Refused, match=reason):
        verify.check(data, now=packs.NOW)


def test_the_readers_key_decides_not_the_one_in_the_file():
    impostor = packs.Log(11, seed=9)
    assert check(impostor.pack(4)).entries
    with pytest.raises(verify.Refused, match="No key that is known"):
        check(impostor.pack(4), [LOG.key])
    number = verify.read_key(LOG.key).number
    assert check(LOG.pack(4), [number]).key_given
    assert check(LOG.pack(4), [number.replace(" ", "")]).key_given
    with pytest.raises(verify.Refused, match="No key in the file has the number"):
        check(impostor.pack(4), [number])


def test_a_value_cannot_imitate_the_lines_around_it():
    sly = packs.Log(1)
    sly.fields = [{"state": "x\nWho signed: somebody\u202e", "words": "w"}]
    sly.leaves = [packs.canonical(packs.leaf(0, sly.fields[0]))]
    sly.hashes = [merkle.leaf_hash(sly.leaves[0].encode())]
    said = verify.words(check(sly.pack(0)))
    assert len([line for line in said if line.startswith("Who signed")]) == 1
    assert '  state: "x\\nWho signed: somebody\\u202e"' in said


@given(st.data())
def test_any_byte_that_was_changed_is_noticed(data):
    """A changed byte is refused, or lies where nothing is proved: in `how`, in a space, in the list of unused keys."""
    good = packs.data(LOG.pack(4))
    at = data.draw(st.integers(0, len(good) - 1))
    changed = good[:at] + bytes([data.draw(st.integers(0, 255))]) + good[at + 1 :]
    try:
        found = verify.check(changed, [LOG.key], packs.NOW)
    except verify.Refused:
        return
    assert found == verify.check(good, [LOG.key], packs.NOW)


@given(st.integers(1, 300), st.data())
def test_its_tree_is_the_engines_tree(size, data):
    hashes = [merkle.leaf_hash(b"%d" % n) for n in range(size)]
    tree = merkle.Tree(hashes)
    index = data.draw(st.integers(0, size - 1))
    claimed = data.draw(st.sampled_from([index, index ^ 1, index // 2, 0]))
    path = _torn(data, tree.inclusion_proof(index))
    asked = (claimed, data.draw(st.sampled_from([size, size + 1])), hashes[index], path, tree.root())
    assert _refuses(verify.verify_inclusion, verify.Refused, *asked) == _refuses(
        merkle.verify_inclusion, merkle.ProofError, *asked
    )
    old = data.draw(st.integers(0, size))
    proof = _torn(data, tree.consistency_proof(old))
    first = data.draw(st.sampled_from([old, max(0, old - 1)]))
    asked = (first, size, proof, tree.root(old), tree.root())
    assert _refuses(verify.verify_consistency, verify.Refused, *asked) == _refuses(
        merkle.verify_consistency, merkle.ProofError, *asked
    )


def _torn(data, path):
    how = data.draw(st.sampled_from(["whole", "whole", "shorter", "longer", "swapped"]))
    if how == "shorter":
        return path[:-1]
    if how == "longer":
        return [*path, bytes(32)]
    return path[::-1] if how == "swapped" else path


def _refuses(ask, refusal, *asked):
    try:
        ask(*asked)
    except refusal:
        return True
    return False


# --- two checkpoints ------------------------------------------------------------------------------------


def test_two_checkpoints_are_proved_to_be_one_history():
    found = verify.compare(LOG.checkpoint(4), LOG.since(4), [LOG.key])
    assert (found.older.size, found.newer.size, found.proved) == (4, 11, True)
    assert verify.compare(LOG.checkpoint(), LOG.checkpoint(), [LOG.key]).proved
    assert not verify.compare(LOG.checkpoint(4), LOG.checkpoint(), [LOG.key]).proved


def _rewritten():
    other = packs.Log(11)
    other.hashes = [bytes(32), *other.hashes[1:]]
    return other


@pytest.mark.parametrize(
    ("older", "newer", "reason"),
    [
        (LOG.checkpoint(), LOG.checkpoint(4), "older than the first"),
        (LOG.checkpoint(), LOG.since(4).replace("\n11\n", "\n3\n"), "is false"),
        (LOG.checkpoint(), _rewritten().checkpoint(), "two different histories"),
        (LOG.checkpoint(4), _rewritten().since(4), "changed what it had signed"),
        (LOG.checkpoint(5), LOG.since(4), "proof begins at 4"),
        (LOG.checkpoint(4), LOG.since(4).replace("old 4", "old 04"), "malformed"),
        (LOG.checkpoint(4), LOG.since(4)[:60], "malformed"),
        (LOG.checkpoint(4), "x", "line break"),
        (LOG.checkpoint(4), packs.Log(11, seed=5).since(4), "No key that is known"),
    ],
)
def test_a_split_view_a_step_back_and_a_torn_proof_are_named(older, newer, reason):
    with pytest.raises(verify.Refused, match=reason):
        verify.compare(older, newer, [LOG.key])


# --- the command ----------------------------------------------------------------------------------------


def run(*words, cwd):
    """As a reader runs it: the one file, copied, apart from everything else."""
    (cwd / "verify.py").write_bytes(Path(verify.__file__).read_bytes())
    done = subprocess.run(
        [sys.executable, "-I", "verify.py", *map(str, words)],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_the_copied_file_answers_in_words_and_with_its_exit_code(tmp_path):
    pack = LOG.pack(4)
    (tmp_path / "pack.json").write_text(json.dumps(pack))
    code, said = run("pack.json", "--key", LOG.key, cwd=tmp_path)
    assert (code, said.splitlines()[0].split(":")[0]) == (verify.HOLDS, "Who signed")
    (tmp_path / "keys").write_text(LOG.key + "\n")
    assert run("pack.json", "--key", "keys", cwd=tmp_path)[0] == verify.HOLDS
    assert run("pack.json", "--key", verify.read_key(LOG.key).number, cwd=tmp_path)[0] == verify.HOLDS
    assert run("pack.json", cwd=tmp_path)[0] == verify.OWN_KEY
    assert run("none.json", cwd=tmp_path)[0] == verify.UNREADABLE
    pack["entries"][0]["disclosed"][0]["value"] = "late"
    (tmp_path / "pack.json").write_text(json.dumps(pack))
    code, said = run("pack.json", cwd=tmp_path)
    assert (code, said.startswith("Refused. The field “state” is not what entry 4 committed to.")) == (
        1,
        True,
    )
    (tmp_path / "old").write_text(LOG.checkpoint(4))
    (tmp_path / "new").write_text(LOG.since(4))
    code, said = run("--compare", "old", "new", "--key", LOG.key, cwd=tmp_path)
    assert (code, "contains the older" in said) == (0, True)
    assert run("--compare", "new", "old", cwd=tmp_path)[0] == verify.REFUSED


def test_it_needs_python_3_9_and_cryptography_and_nothing_of_ours():
    tree = ast.parse(Path(verify.__file__).read_text(), feature_version=(3, 9))
    names = {
        (node.module if isinstance(node, ast.ImportFrom) else alias.name).split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
    }
    assert names - set(sys.stdlib_module_names) == {"cryptography"}
