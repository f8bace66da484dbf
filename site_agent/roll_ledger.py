"""The roll calls of this site, on the disk: orders that wait, a sealed count on its way, which are kept.

An order outlives the line and the program. A sealed count is written here before the chain or the outbox know of it,
so that a program that stops at any point goes on from there: nothing is lost, and nothing is sealed twice.
"""

import threading
from collections.abc import Callable
from pathlib import Path

import msgspec
import structlog
from msgspec.structs import replace

from site_agent.kept import keep
from wire.ids import RollCallId
from wire.messages import RollCallCount, RollCallOrder
from wire.unreadable import UNREADABLE

FILE = "roll-calls.msgpack"
REMEMBERED = 200
"""Roll calls whose counts are in the outbox, so that a repeated order is not counted again."""

log = structlog.get_logger()


class Sealed(msgspec.Struct, frozen=True):
    """A sealed count, and the outbox (`stream`, newest number) as it was before the count was given to it."""

    record: RollCallCount
    stream: str
    after: int


class Known(msgspec.Struct, frozen=True):
    """The whole file."""

    waiting: tuple[RollCallOrder, ...] = ()
    sealed: Sealed | None = None
    kept: tuple[RollCallId, ...] = ()


class RollLedger:
    """One file in ``home``. Writing methods block on the disk and raise ``OSError``; then nothing has changed."""

    def __init__(self, home: Path) -> None:
        self._path = home / FILE
        self._known = _read(self._path)
        # Orders come from the line while a count is being sealed, each in a thread of its own.
        self._writing = threading.Lock()

    @property
    def known(self) -> Known:
        """What the file says."""
        return self._known

    def knows(self, roll_call: RollCallId) -> bool:
        """Whether this order is here already, counted or not."""
        return roll_call in self._known.kept or any(each.roll_call == roll_call for each in self._known.waiting)

    def wait(self, order: RollCallOrder) -> None:
        """The order is here and will be counted."""
        self._write(lambda known: replace(known, waiting=(*known.waiting, order)))

    def seal(self, sealed: Sealed) -> None:
        """The count is sealed; its order waits until the outbox has the count."""
        self._write(lambda known: replace(known, sealed=sealed))

    def kept(self, roll_call: RollCallId) -> None:
        """The outbox has the count."""

        def change(known: Known) -> Known:
            kept = (*known.kept, roll_call)[-REMEMBERED:]
            return Known(waiting=_without(known, roll_call), sealed=None, kept=kept)

        self._write(change)

    def drop(self, roll_call: RollCallId) -> None:
        """The order will not be counted here; the centre may repeat it."""
        self._write(lambda known: replace(known, waiting=_without(known, roll_call)))

    def _write(self, change: Callable[[Known], Known]) -> None:
        with self._writing:
            known = change(self._known)
            keep(self._path, msgspec.msgpack.encode(known))
            self._known = known


def _without(known: Known, roll_call: RollCallId) -> tuple[RollCallOrder, ...]:
    return tuple(each for each in known.waiting if each.roll_call != roll_call)


def _read(path: Path) -> Known:
    try:
        return msgspec.msgpack.decode(path.read_bytes(), type=Known)
    except FileNotFoundError:
        return Known()
    except (OSError, *UNREADABLE) as fault:
        log.error("roll_calls_unreadable", error=str(fault))
        return Known()
