"""Keys outside the database, and secrets encrypted inside it.

One installation key (32 random bytes, file mode 0600, never in the database nor its backups) from which
every other symmetric key is derived by HKDF-SHA256 (RFC 5869) with a purpose label. Values are sealed with
AES-256-GCM (NIST SP 800-38D): 12-byte random nonce, then ciphertext and tag; the context is authenticated.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from quarterdeck.core import env

KEY_FILE = "installation.key"


class KeyProblem(RuntimeError):
    """The key file is missing, unreadable, too open, or not the one this data was sealed with."""


def write_key_file(path: Path, data: bytes) -> None:
    """Create `path` with mode 0600 and `data`, durably; FileExistsError when it is already there."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def read_key_file(path: Path) -> bytes:
    """The bytes of a key file. KeyProblem, in words, when it is missing or others can read it."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        data = path.read_bytes()
    except FileNotFoundError:
        raise KeyProblem(f"There is no key file at {path}. Put back the one saved with this data.") from None
    except PermissionError:
        raise KeyProblem(f"The key file {path} cannot be read by this user.") from None
    if mode & 0o077:
        raise KeyProblem(f"The key file {path} is open to other users (mode {mode:o}). Run: chmod 600 {path}")
    return data


def ensure_installation_key() -> None:
    """Make the installation key on the very first start."""
    path = env.keys_dir() / KEY_FILE
    if not path.exists():
        try:
            write_key_file(path, os.urandom(32))
        except FileExistsError:
            return  # another process was first; its key is the key


_cache: dict[Path, bytes] = {}


def installation_key() -> bytes:
    path = env.keys_dir() / KEY_FILE
    if path not in _cache:
        data = read_key_file(path)
        if len(data) != 32:
            raise KeyProblem(f"The key file {path} should be 32 bytes and is {len(data)}.")
        _cache[path] = data
    return _cache[path]


def derive(purpose: str, length: int = 32) -> bytes:
    """A key for one purpose: HKDF-SHA256 of the installation key with `purpose` as info."""
    return HKDF(hashes.SHA256(), length, salt=None, info=purpose.encode()).derive(installation_key())


def seal(value: bytes, *, context: str, key: bytes | None = None) -> bytes:
    """Encrypt. `context` says where the value belongs (table, column, row) and must be given again to open."""
    nonce = os.urandom(12)
    return nonce + AESGCM(key or derive("secrets")).encrypt(nonce, value, context.encode())


def unseal(sealed: bytes, *, context: str, key: bytes | None = None) -> bytes:
    """Decrypt what `seal` made. KeyProblem when the key or the context is another."""
    try:
        return AESGCM(key or derive("secrets")).decrypt(
            bytes(sealed[:12]), bytes(sealed[12:]), context.encode()
        )
    except InvalidTag:
        raise KeyProblem(
            "A stored secret cannot be opened with this key file: it was sealed with another."
        ) from None


def opener(key: bytes) -> Callable[[bytes, str], bytes]:
    """`unseal` for very many values under one key: (sealed, context) -> value. The cipher is made once."""
    decrypt = AESGCM(key).decrypt

    def open_one(sealed: bytes, context: str) -> bytes:
        try:
            return decrypt(sealed[:12], sealed[12:], context.encode())
        except InvalidTag:
            raise KeyProblem("A stored secret cannot be opened: it was sealed with another key.") from None

    return open_one
