"""Pages stay light: our own CSS and JavaScript together, compressed; fonts in subsets, with their licences."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

import quarterdeck

PACKAGE = Path(quarterdeck.__file__).parent
FONTS = PACKAGE / "shell/static/shell/fonts"
LIMIT = 100_000  # bytes, compressed, of every room together


def test_all_our_styles_and_scripts_weigh_little():
    files = [path for kind in ("css", "js") for path in PACKAGE.rglob(f"static/**/*.{kind}")]
    weights = {str(path.relative_to(PACKAGE)): len(gzip.compress(path.read_bytes())) for path in files}
    assert weights
    assert sum(weights.values()) < LIMIT, weights


@pytest.mark.parametrize("family", ["inter", "bricolage-grotesque", "source-serif-4"])
def test_each_font_comes_with_its_licence(family):
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / f"{family}-OFL.txt").read_text()
    assert sorted(path.name for path in FONTS.glob(f"{family}*.woff2")) == [
        f"{family}-latin-ext-wght-normal.woff2",
        f"{family}-latin-wght-normal.woff2",
    ]


def test_collected_files_carry_their_hash_also_where_modules_import_each_other(tmp_path, settings):
    from django.contrib.staticfiles import finders
    from django.contrib.staticfiles.storage import staticfiles_storage
    from django.core.management import call_command

    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "quarterdeck.shell.storage.HashedStatic"}
    }
    finders.get_finder.cache_clear()
    call_command("collectstatic", interactive=False, verbosity=0)
    app = (tmp_path / staticfiles_storage.stored_name("shell/app.js")).read_text()
    assert 'import "./palette.js"' not in app
    assert 'import"./palette.' in app
    styles = (tmp_path / staticfiles_storage.stored_name("shell/quarterdeck.css")).read_text()
    assert "inter-latin-wght-normal.woff2" not in styles
