"""A typed list with names, which rooms fill and others read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

T = TypeVar("T")


class Registry(Generic[T]):
    """Named entries in the order they were registered."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._entries: dict[str, T] = {}

    def register(self, name: str, entry: T) -> T:
        if name in self._entries:
            raise ValueError(f"{self.name}: '{name}' is registered already.")
        self._entries[name] = entry
        return entry

    def register_all(self, entries: Mapping[str, T]) -> None:
        for name, entry in entries.items():
            self.register(name, entry)

    def __iter__(self) -> Iterator[tuple[str, T]]:
        return iter(self._entries.items())

    def __getitem__(self, name: str) -> T:
        return self._entries[name]

    def __contains__(self, name: str) -> bool:
        return name in self._entries
