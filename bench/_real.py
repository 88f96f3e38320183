"""Where the benches of the engines find real data, and the environments of their peers.

Real data is not part of the repository: it is looked for at `QUARTERDECK_SHARED`, else beside the checkout.
A bench that does not find it says so in a row. Peers are installed on demand, each in an environment of its
own under the user's cache, and only ever called as another process.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
_READ = """
import sys, numpy as np, pyarrow.parquet as pq
table = pq.read_table(sys.argv[1])
np.savez(sys.argv[2], **{n: table[n].to_numpy(zero_copy_only=False) for n in table.schema.names})
"""


def data(relative: str) -> Path | None:
    """The path of a file of real data, or None when it is not here."""
    root = Path(os.environ.get("QUARTERDECK_SHARED", ROOT.parent / "shared"))
    path = root / "data" / relative
    return path if path.exists() else None


def absent(claim: str, relative: str) -> list[dict]:
    return [{"claim": claim, "figure": f"skipped: no {relative}", "target": "", "peer": "", "ratio": ""}]


def environment(name: str, *packages: str) -> Path:
    """The Python of the environment `bench-<name>` with these packages, made when it is not there yet."""
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    home = cache / "quarterdeck" / f"bench-{name}"
    python, done = home / "bin" / "python", home / ".installed"
    wanted = "\n".join(packages)
    if not done.exists() or done.read_text() != wanted:
        subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True)
        subprocess.run([python, "-m", "pip", "-q", "install", *packages], check=True, stdout=sys.stderr)
        done.write_text(wanted)
    return python


def parquet(path: Path) -> dict[str, np.ndarray]:
    """The columns of a Parquet file, read in an environment that has pyarrow."""
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "columns.npz"
        subprocess.run([environment("tables", "pyarrow", "numpy"), "-c", _READ, path, out], check=True)
        with np.load(out, allow_pickle=True) as columns:
            return dict(columns)


def row(claim: str, figure: str, target: str = "", peer: str = "", ratio: str = "") -> dict:
    return {"claim": claim, "figure": figure, "target": target, "peer": peer, "ratio": ratio}
