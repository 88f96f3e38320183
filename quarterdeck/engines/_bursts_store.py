"""How `bursts` is written to a file and read back: NumPy arrays and JSON, no pickles."""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from quarterdeck.engines._bursts_checks import BadState, BurstError
from quarterdeck.engines._bursts_topics import Topics

VERSION = 1
ARRAYS = ("recent", "long", "prints", "stamps", "loads", "exposure", "touched", "queued")
PLAIN = ("added", "salt", "languages", "born", "bucket", "tests")
T = TypeVar("T")


def write(bursts: Any, path: Path) -> None:
    plain: dict[str, Any] = {name: getattr(bursts, f"_{name}") for name in PLAIN}
    plain["version"] = VERSION
    plain["settings"] = [bursts.alerts_per_day, bursts.bucket_minutes, bursts.max_terms]
    plain["last"] = None if bursts._bucket is None and bursts._last < 0 else bursts._last
    ring = bursts._ring
    plain["texts"] = ring.texts if ring.posts >= len(ring.texts) else ring.texts[: ring.posts]
    plain["posts"], plain["window"] = ring.posts, ring.window
    plain["topics"] = bursts._topics.plain()
    arrays = {name: getattr(bursts, f"_{name}") for name in ARRAYS}
    arrays["spoken"], arrays["who"] = ring.spoken, ring.who
    arrays["plain"] = np.frombuffer(json.dumps(plain).encode(), np.uint8)
    handle, scratch = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as out:
            np.savez(out, **arrays)
            out.flush()
            os.fsync(out.fileno())
        os.replace(scratch, path)
    except BaseException:
        Path(scratch).unlink(missing_ok=True)
        raise


def read(kind: type[T], path: Path) -> T:
    try:
        with np.load(path, allow_pickle=False) as saved:
            plain = json.loads(saved["plain"].tobytes())
            if plain["version"] != VERSION:
                raise BadState(f"{path.name} was written by another version, {plain['version']!r:.20}.")
            bursts = kind(*plain["settings"])
            held: Any = bursts
            for name in ARRAYS:
                _fill(getattr(held, f"_{name}"), saved[name], name)
            _fill(held._ring.spoken, saved["spoken"], "spoken")
            _fill(held._ring.who, saved["who"], "who")
        for name in PLAIN:
            setattr(held, f"_{name}", plain[name])
        held._last = -np.inf if plain["last"] is None else float(plain["last"])
        held._ring.texts[: len(plain["texts"])] = plain["texts"]
        held._ring.posts, held._ring.window = plain["posts"], plain["window"]
        held._topics = Topics.restore(plain["topics"])
    except (BurstError, FileNotFoundError):
        raise
    except (OSError, ValueError, KeyError, TypeError, IndexError, EOFError, zipfile.BadZipFile) as error:
        raise BadState(f"{path.name} was not written by Bursts.save: {error}") from error
    return bursts


def _fill(into: np.ndarray, saved: np.ndarray, name: str) -> None:
    if saved.shape != into.shape or saved.dtype != into.dtype:
        raise BadState(f"The table {name} has another shape than these settings give.")
    into[:] = saved
