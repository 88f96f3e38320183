"""Static files under names that carry their hash, so that browsers keep them for good. Our own ES modules name each
other, so their imports are rewritten too; others' scripts are left as they came.
"""

from __future__ import annotations

from pathlib import Path

from whitenoise.storage import CompressedManifestStaticFilesStorage as Hashed

PACKAGE = Path(__file__).resolve().parent.parent
ROOMS = sorted(folder.name for folder in PACKAGE.iterdir() if (folder / "static").is_dir())


IMPORTS = Hashed._js_module_import_aggregation_patterns[1]  # Django has them ready, but only for all scripts


class HashedStatic(Hashed):
    patterns = (*Hashed.patterns, *((f"{room}/*.js", IMPORTS) for room in ROOMS))
