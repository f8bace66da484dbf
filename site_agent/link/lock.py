"""One process per file: a lock the system itself lets go when the process dies."""

import os
import sys
from pathlib import Path
from typing import IO


class Taken(Exception):
    """Another process holds the lock."""


class FileLock:
    """Holds `path` locked until `release` or the end of the process."""

    def __init__(self, path: Path) -> None:
        """Lock; raise `Taken` when another process has it, `OSError` when the file cannot be made."""
        self._file = path.open("a+b")
        try:
            _lock(self._file)
        except OSError as error:
            self._file.close()
            raise Taken(f"{path} is held by another process") from error

    def release(self) -> None:
        """Let go."""
        self._file.close()


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        os.set_inheritable(file.fileno(), False)
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
