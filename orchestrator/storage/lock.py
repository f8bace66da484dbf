"""One program per database file: a lock that the system itself lets go when the program dies."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from typing import IO

_HELD = frozenset({errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK, errno.EDEADLK})
"""What flock(2) and msvcrt.locking say of a lock that another has."""


class DatabaseTaken(OSError):
    """Another program has the database open; the text is a sentence for whoever started this one."""


class DatabaseLock:
    """Holds ``<database>.lock`` until :meth:`release` or the end of the program."""

    def __init__(self, database: Path) -> None:
        """Lock; raises :class:`DatabaseTaken`, or another :class:`OSError` when the file cannot be had."""
        path = database.with_name(database.name + ".lock")
        self._file = path.open("a+b")
        try:
            _lock(self._file)
        except OSError as error:
            self._file.close()
            if error.errno in _HELD:
                raise DatabaseTaken(_sentence(database)) from error
            raise

    def release(self) -> None:
        """Let go. The file stays: removing it would let two programs lock two files of one name."""
        self._file.close()


def _sentence(database: Path) -> str:
    return (
        f"{database}: trung tâm đang chạy và giữ cơ sở dữ liệu này; hãy dùng trang của trung tâm, hoặc dừng trung tâm "
        "trước. / The centre is running and holds this database: use the page or stop it."
    )


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
