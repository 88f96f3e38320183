"""How much is taken: of one file, and of all files of a workspace. Who runs the installation may say otherwise."""

from __future__ import annotations

from quarterdeck.core import env
from quarterdeck.studio import images

MB, GB = 2**20, 2**30


def largest_video() -> int:
    """Bytes of one video."""
    return _number("QUARTERDECK_VIDEO_MB", 1, 1900) * MB


def largest() -> int:
    """Bytes of one file of any kind."""
    return max(images.LARGEST, largest_video())


def room() -> int:
    """Bytes of all files of a workspace."""
    return _number("QUARTERDECK_LIBRARY_GB", 1, 100_000) * GB


def _number(name: str, least: int, most: int) -> int:
    """A whole number of a setting; what is none counts as the setting's default."""
    given = env.get(name).strip()
    number = int(given) if given.isascii() and given.isdigit() else int(env.default(name))
    return max(least, min(most, number))
