"""What `pip install .` brings: every template, static file, font and datum of the package, and no test."""

from __future__ import annotations

import zipfile
from pathlib import Path

from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).resolve().parent.parent


def test_the_wheel_holds_the_whole_package_and_no_tests(tmp_path):
    built = next(WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"]))
    packed = {name for name in zipfile.ZipFile(built).namelist() if name.startswith("quarterdeck/")}
    there = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "quarterdeck").rglob("*")
        if path.is_file() and not {"tests", "__pycache__"} & set(path.parts)
    }
    assert there - packed == set()
    assert not [name for name in packed if "/tests/" in name]
    assert any(name.endswith(".woff2") for name in packed)
