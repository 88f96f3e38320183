"""Files in a bucket of an S3-compatible service, when who runs the installation names one (QUARTERDECK_S3_BUCKET).

The library that speaks to it, obstore, is not among what every installation needs: `pip install "quarterdeck[s3]"`. It
is asked nothing but to put, get a part, look and delete. Its own errors may hold addresses and parts of answers; what
people and the log read are words of ours.
"""

from __future__ import annotations

import contextlib
import functools
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlsplit

from quarterdeck.core import env, ids
from quarterdeck.studio.models import PIECE, File
from quarterdeck.studio.storage import Gone, Unreachable

P = ParamSpec("P")
R = TypeVar("R")
PART = 8 * 2**20  # bytes of one part of an upload: 10,000 of them are more than any file has
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,62}")
_PROBE = b"Quarterdeck looks whether it can write here."


def is_configured() -> bool:
    return bool(env.get("QUARTERDECK_S3_BUCKET").strip())


def where() -> str:
    """The bucket and its service, as people know it."""
    name, service = (env.get(f"QUARTERDECK_S3_{one}").strip() for one in ("BUCKET", "ENDPOINT"))
    return f"“{name}” at {service or 'Amazon S3'}"


def key(file: File) -> str:
    """Under what name a file lies there."""
    return f"{file.workspace_id.hex}/{file.pk.hex}"


def _absent() -> tuple[type[Exception], ...]:
    """What says that something is not there: the library has its own error, and raises Python's."""
    from obstore import exceptions

    return exceptions.NotFoundError, FileNotFoundError


def _in_words(doing: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Whatever the service or the library answers becomes Unreachable, with what we were doing."""

    def made(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            from obstore import exceptions

            try:
                return function(*args, **kwargs)
            except _absent():
                raise Gone(f"The bucket {where()}, or a file in it, is not there.") from None
            except (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError, PermissionError):
                raise Unreachable(
                    f"The bucket {where()} did not let us {doing}: it refused our key."
                ) from None
            except (exceptions.BaseError, OSError, ValueError) as error:
                kind = type(error).__name__
                raise Unreachable(f"The bucket {where()} did not let us {doing} ({kind}).") from None

        return run

    return made


class Bucket:
    """The bucket that is configured. Raises Unreachable, in words, when it cannot be asked."""

    def __init__(self) -> None:
        self._store = _store(*(env.get(f"QUARTERDECK_S3_{name}").strip() for name in _SETTINGS))

    @_in_words("write")
    def put(self, file: File, pieces: Iterable[bytes]) -> None:
        import obstore

        with obstore.open_writer(self._store, key(file), buffer_size=PART, max_concurrency=2) as out:
            for piece in pieces:
                out.write(piece)

    def get(self, file: File, start: int, end: int) -> Iterator[bytes]:
        while start < end:
            part = self._part(key(file), start, min(end, start + PIECE))
            yield part
            start += len(part)

    @_in_words("read")
    def _part(self, name: str, start: int, end: int) -> bytes:
        import obstore

        part = bytes(obstore.get_range(self._store, name, start=start, end=end))
        if len(part) != end - start:
            raise Gone(f"A file in the bucket {where()} is shorter than it was.")
        return part

    def delete(self, file: File) -> None:
        self.delete_key(key(file))

    @_in_words("delete")
    def delete_key(self, name: str) -> None:
        import obstore

        with contextlib.suppress(*_absent()):
            obstore.delete(self._store, name)

    @_in_words("look")
    def exists(self, file: File) -> bool:
        import obstore

        try:
            obstore.head(self._store, key(file))
        except _absent():
            return False
        return True

    def probe(self) -> None:
        """Write a file, read it and delete it. Raises Unreachable with what failed."""
        name = f"check/{ids.new().hex}"
        self._write(name)
        try:
            if self._part(name, 0, len(_PROBE)) != _PROBE:
                raise Unreachable(f"The bucket {where()} gave back something else than was written.")
        finally:
            self.delete_key(name)

    @_in_words("write")
    def _write(self, name: str) -> None:
        import obstore

        obstore.put(self._store, name, _PROBE)


_SETTINGS = ("BUCKET", "ENDPOINT", "REGION", "KEY", "SECRET")


@functools.lru_cache(maxsize=4)
def _store(bucket: str, endpoint: str, region: str, own_key: str, secret: str) -> Any:
    """The library's own store. Without a key it looks for one where Amazon's programs look."""
    try:
        from obstore.store import S3Store
    except ImportError:
        raise Unreachable(
            "QUARTERDECK_S3_BUCKET is set, and what speaks to a bucket is not installed.",
            next_step='Install it with: pip install "quarterdeck[s3]"',
        ) from None
    at = urlsplit(endpoint or "https://s3")
    if not _NAME.fullmatch(bucket) or at.scheme not in {"http", "https"} or not at.hostname or at.username:
        raise _no_bucket()
    config: dict[str, Any] = {"region": region or "us-east-1"}
    if endpoint:
        config |= {"endpoint": endpoint, "virtual_hosted_style_request": False}
    if own_key:
        config |= {"access_key_id": own_key, "secret_access_key": secret}
    try:
        return S3Store(
            bucket,
            config=config,
            client_options={
                "allow_http": endpoint.startswith("http://"),
                "connect_timeout": timedelta(seconds=5),
                "timeout": timedelta(seconds=60),
            },
            retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=20)},
        )
    except Exception:  # its errors name what they were given
        raise _no_bucket() from None


def _no_bucket() -> Unreachable:
    return Unreachable(
        "The settings QUARTERDECK_S3_BUCKET and QUARTERDECK_S3_ENDPOINT do not describe a bucket.",
        next_step="Set the bucket’s name, and the https address of its service.",
    )
