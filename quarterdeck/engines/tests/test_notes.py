"""Signed notes, checkpoints and proofs against published ones, and against any flipped bit."""

from __future__ import annotations

from base64 import b64decode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.engines import merkle
from quarterdeck.engines.notes import (
    Checkpoint,
    NoteError,
    Proof,
    Signer,
    VerifierKey,
    open_checkpoint,
    open_note,
    sign,
)

# The example of Go's sumdb/note, from which the format comes.
GO_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_SEED = b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
GO_TEXT = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
)
GO_NOTE = (
    GO_TEXT
    + "\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotp"
    "RZb6KE6RyyBwJnAM=\n"
)
# The example checkpoint of c2sp.org/tlog-checkpoint (its key is not published).
C2SP_TEXT = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"

ORIGIN = "quarterdeck.example/ledger/7/1"
SIGNER = Signer(ORIGIN, bytes(range(32)))


def test_the_published_note_opens_and_is_made_byte_for_byte():
    assert open_note(GO_NOTE, [VerifierKey.read(GO_VKEY)]) == GO_TEXT
    assert sign(GO_TEXT, [Signer("PeterNeumann", GO_SEED)]) == GO_NOTE
    assert str(Signer("PeterNeumann", GO_SEED).verifier) == GO_VKEY


@pytest.mark.parametrize(
    "vkey",
    [
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop",
        "TEST+7997405c+AQcC+FTVKf0jlTdHDY3rbevmnKxxPjigCXlVtGe6RIr6",
    ],
)
def test_published_verifier_keys_are_read_and_written(vkey):
    assert str(VerifierKey.read(vkey)) == vkey


@pytest.mark.parametrize(
    "vkey",
    [
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",  # another id
        "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",  # a cosigner's type
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3",
        "",
    ],
)
def test_malformed_verifier_keys_are_refused(vkey):
    with pytest.raises(NoteError):
        VerifierKey.read(vkey)


def test_the_published_checkpoint_is_read_and_written():
    found = Checkpoint.read(C2SP_TEXT)
    assert (found.origin, found.size, len(found.root)) == ("example.com/behind-the-sofa", 20852163, 32)
    assert found.text() == C2SP_TEXT
    assert Checkpoint.read(C2SP_TEXT + "an extension\n") == found


@pytest.mark.parametrize(
    "text",
    [
        "o\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "o\n-1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n",
        "o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw==\n",
        "\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "o\n1\n",
        "",
    ],
)
def test_malformed_checkpoints_are_refused(text):
    with pytest.raises(NoteError):
        Checkpoint.read(text)


def test_unknown_signatures_are_ignored_and_false_ones_refuse_the_note():
    other = Signer("witness.example", bytes(32))
    both = sign("text\n", [SIGNER, other])
    assert open_note(both, [SIGNER.verifier]) == "text\n"
    assert open_note(both, [other.verifier]) == "text\n"
    with pytest.raises(NoteError, match="No known key"):
        open_note(both, [VerifierKey.read(GO_VKEY)])
    good, false = both.splitlines(keepends=True)[2:4]
    broken = "text\n\n" + good + false[:-7] + ("A" if false[-7] != "A" else "B") + false[-6:]
    with pytest.raises(NoteError, match="false"):
        open_note(broken, [SIGNER.verifier, other.verifier])
    assert open_note(broken, [SIGNER.verifier]) == "text\n"


def test_a_note_of_another_log_is_refused():
    note = sign(Checkpoint("elsewhere.example/log", 1, bytes(32)).text(), [SIGNER])
    with pytest.raises(NoteError, match="not of"):
        open_checkpoint(note, [SIGNER.verifier], ORIGIN)


ENTRIES = [f"entry {i}".encode() for i in range(21)]
TREE = merkle.Tree(merkle.leaf_hash(e) for e in ENTRIES)
NOTE = sign(Checkpoint(ORIGIN, 21, TREE.root()).text(), [SIGNER])
PROOF = Proof(13, TREE.inclusion_proof(13), NOTE).text()


def test_a_proof_is_text_that_stands_alone():
    assert PROOF.splitlines()[:2] == ["c2sp.org/tlog-proof@v1", "index 13"]
    assert Proof.read(PROOF).text() == PROOF
    assert Proof.read(PROOF).verify(ENTRIES[13], [SIGNER.verifier], ORIGIN).size == 21
    extra = Proof(13, TREE.inclusion_proof(13), NOTE, extra=b"with it").text()
    assert Proof.read(extra).extra == b"with it"
    with pytest.raises(merkle.ProofError):
        Proof.read(PROOF).verify(ENTRIES[12], [SIGNER.verifier], ORIGIN)


@given(st.integers(0, len(PROOF.encode()) * 8 - 1))
def test_any_flipped_bit_of_a_proof_is_refused(bit):
    data = bytearray(PROOF.encode())
    data[bit // 8] ^= 1 << bit % 8
    with pytest.raises((NoteError, merkle.ProofError, UnicodeDecodeError)):
        Proof.read(data.decode()).verify(ENTRIES[13], [SIGNER.verifier], ORIGIN)


@pytest.mark.parametrize("index", ["index 013", "index -1", "index", "index 1e3", "Index 13"])
def test_a_malformed_index_is_refused(index):
    with pytest.raises(NoteError):
        Proof.read(PROOF.replace("index 13", index))


def test_letters_that_look_like_others_are_another_log_and_another_key():
    alike = ORIGIN.replace("a", "\u0430", 1)
    note = sign(Checkpoint(alike, 1, bytes(32)).text(), [SIGNER])
    with pytest.raises(NoteError, match="only look like others"):
        open_checkpoint(note, [SIGNER.verifier], ORIGIN)
    with pytest.raises(NoteError, match="No known key"):
        open_checkpoint(
            sign(NOTE.split("\n\n")[0] + "\n", [Signer(alike, SIGNER.seed)]), [SIGNER.verifier], ORIGIN
        )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda text: text.replace("index 13", "index \u0661\u0663"), "index"),  # other scripts' digits
        (lambda text: text.replace("index 13", "index 1" + "0" * 40), "index"),
        (lambda text: text.replace("\n21\n", "\n\u0662\u0661\n"), "false"),
        (lambda text: text[: len(text) // 4], "begins|base64|hash of 32"),
        (lambda text: text.replace("\n\n", "\n" + "A" * 43 + "=\n\n", 1), "needs"),  # a hash too many
        (lambda text: text.replace("\n\n", ("\n" + "A" * 43 + "=") * 64 + "\n\n", 1), "hash of 32"),
        (lambda text: text + "x" * 1_000_000, "begins|too long"),
        (lambda text: text.replace("\u2014", "-"), "malformed"),
    ],
)
def test_a_forged_torn_or_huge_proof_is_refused_with_the_reason(change, reason):
    with pytest.raises((NoteError, merkle.ProofError), match=reason):
        Proof.read(change(PROOF)).verify(ENTRIES[13], [SIGNER.verifier], ORIGIN)


def test_an_old_checkpoint_after_a_newer_one_is_refused():
    with pytest.raises(merkle.ProofError, match="cannot extend"):
        merkle.verify_consistency(21, 13, TREE.consistency_proof(13), TREE.root(), TREE.root(13))
