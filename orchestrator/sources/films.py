"""The centre's folder of films: what an administrator put there, by name. Blocking; call in a thread."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from orchestrator.errors import Refused

KINDS = frozenset({".mp4", ".m4v", ".mov", ".mkv", ".webm", ".ts", ".flv", ".avi", ".mpg", ".mpeg"})
MOST = 500


class Film(msgspec.Struct, frozen=True):
    """A file that may be played; ``size`` in bytes."""

    name: str
    size: int


class Films:
    """One flat folder. It need not exist."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def all(self) -> list[Film]:
        """What may be played, by name."""
        try:
            with os.scandir(self._folder) as entries:
                found = [Film(entry.name, entry.stat().st_size) for entry in entries if _playable(entry)]
        except OSError:
            return []
        return sorted(found, key=lambda film: film.name.casefold())[:MOST]

    def path(self, name: str) -> Path:
        """Where a film of the list is. Refuses ``no_film`` for every other name, also one that leads elsewhere."""
        file = self._folder / name
        inside = name == Path(name).name and not name.startswith(".") and file.suffix.lower() in KINDS
        if not inside or not file.is_file() or file.is_symlink():
            raise Refused("no_film", "Không có tệp phim này trong thư mục. / No such film.", 404)
        return file.resolve()


def _playable(entry: os.DirEntry[str]) -> bool:
    suffix = Path(entry.name).suffix.lower()
    return entry.is_file(follow_symlinks=False) and suffix in KINDS and not entry.name.startswith(".")
