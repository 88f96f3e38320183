"""The package's dependencies are requirements/core.in: one list, read at build time."""

from pathlib import Path

from hatchling.metadata.plugin.interface import MetadataHookInterface


class CoreDependencies(MetadataHookInterface):
    def update(self, metadata: dict) -> None:
        lines = (Path(self.root) / "requirements" / "core.in").read_text().splitlines()
        names = (line.split("#")[0].strip() for line in lines)
        metadata["dependencies"] = [n for n in names if n and n not in {"editables", "hatchling"}]
