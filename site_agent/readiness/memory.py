"""What readiness remembers over a restart: one small JSON file, written whole; a full disk only costs the memory."""

from pathlib import Path
from typing import Any

import msgspec
import structlog

from wire.readiness import RehearsalOrder
from wire.unreadable import UNREADABLE

log = structlog.get_logger()

FILE = "readiness.json"


class Remembered(msgspec.Struct, frozen=True):
    """``address`` since ``address_since_ns``, ``address_before`` that of before; ``phone_ns`` when a phone reached the
    desk at ``phone_address``; ``opened`` the paper that was opened here last; ``rehearsal`` with the looks of it that
    are done (`Rehearsals`)."""

    address: str = ""
    address_since_ns: int = 0
    address_before: str = ""
    phone_ns: int | None = None
    phone_address: str = ""
    opened: str = ""
    rehearsal: RehearsalOrder | None = None
    done: tuple[str, ...] = ()


class Memory:
    """Holds what is remembered; one writer, the agent's loop."""

    def __init__(self, home: Path) -> None:
        self._path = home / FILE
        self._now = self._read()

    @property
    def now(self) -> Remembered:
        """Everything that is remembered."""
        return self._now

    def put(self, **fields: Any) -> None:
        """Replace these fields, and write if something changed."""
        changed = msgspec.structs.replace(self._now, **fields)
        if changed == self._now:
            return
        self._now = changed
        fresh = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_bytes(msgspec.json.encode(changed))
            fresh.replace(self._path)
        except OSError as fault:
            log.warning("readiness_not_remembered", error=fault.strerror)

    def _read(self) -> Remembered:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Remembered)
        except (OSError, *UNREADABLE):
            return Remembered()
