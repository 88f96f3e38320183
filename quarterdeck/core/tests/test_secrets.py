import os
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.core import secrets


@given(value=st.binary(max_size=2000), context=st.text(max_size=60))
def test_what_is_sealed_opens_again_and_only_in_its_own_place(value, context):
    sealed = secrets.seal(value, context=context)
    assert secrets.unseal(sealed, context=context) == value
    with pytest.raises(secrets.KeyProblem):
        secrets.unseal(sealed, context=context + "elsewhere")


@given(value=st.binary(min_size=1, max_size=200), place=st.integers(min_value=0), bit=st.integers(0, 7))
def test_any_flipped_bit_is_refused(value, place, bit):
    sealed = bytearray(secrets.seal(value, context="here"))
    sealed[place % len(sealed)] ^= 1 << bit
    with pytest.raises(secrets.KeyProblem):
        secrets.unseal(bytes(sealed), context="here")


def test_another_installation_key_is_told_in_words():
    sealed = secrets.seal(b"token", context="here", key=os.urandom(32))
    with pytest.raises(secrets.KeyProblem, match="sealed with another"):
        secrets.unseal(sealed, context="here", key=os.urandom(32))


def test_a_key_file_is_private_and_never_overwritten(tmp_path):
    path = tmp_path / "keys" / "a.key"
    secrets.write_key_file(path, b"1" * 32)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        secrets.write_key_file(path, b"2" * 32)
    assert secrets.read_key_file(path) == b"1" * 32


def test_a_key_file_others_can_read_is_refused_with_the_command_that_mends_it(tmp_path):
    path = tmp_path / "a.key"
    secrets.write_key_file(path, b"1" * 32)
    path.chmod(0o644)
    with pytest.raises(secrets.KeyProblem, match="chmod 600"):
        secrets.read_key_file(path)


def test_a_missing_key_file_says_what_to_put_back(tmp_path):
    with pytest.raises(secrets.KeyProblem, match="Put back"):
        secrets.read_key_file(tmp_path / "gone.key")
