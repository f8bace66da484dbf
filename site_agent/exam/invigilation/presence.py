"""Who is at their page, since when not, and who changed devices: folded from looks at the hall. Pure."""

from dataclasses import dataclass, field

from site_agent.exam.hall import Hall
from site_agent.exam.window import Phase

_S = 1_000_000_000
AWAY_NS = 20 * _S
"""A page that is gone for less is a reload."""
UNSAVED_NS = 15 * _S
"""A page tells every ten seconds: what it tells twice is no answer on its way."""
DEVICES_NS = 10 * 60 * _S
"""How long a change of device stays worth a look."""


@dataclass(slots=True)
class Seat:
    """One candidate: `away_ns` since when nobody is at the page (None: somebody is), by the monotonic clock."""

    away_ns: int | None = None
    moves: int = 0
    moved_ns: int | None = None


@dataclass(slots=True)
class Gap:
    """A candidate was away, and is back."""

    number: str
    from_ns: int
    gap_ns: int


@dataclass(slots=True)
class Presence:
    """State of one hall's seats."""

    seats: dict[str, Seat] = field(default_factory=dict)

    def look(self, hall: Hall, mono_ns: int) -> list[Gap]:
        """Take what the hall shows now; returns who came back after longer than `AWAY_NS`."""
        gaps = []
        for number in hall.live:
            seat = self.seats.setdefault(number, Seat(away_ns=None if number in hall.pages else mono_ns))
            if number in hall.pages:
                if seat.away_ns is not None and mono_ns - seat.away_ns > AWAY_NS:
                    gaps.append(Gap(number, seat.away_ns, mono_ns - seat.away_ns))
                seat.away_ns = None
            elif seat.away_ns is None:
                seat.away_ns = mono_ns
            moves = hall.moves.get(number, 0)
            if moves != seat.moves:
                seat.moves, seat.moved_ns = moves, mono_ns
        return gaps

    def away_s(self, hall: Hall, number: str, mono_ns: int) -> int:
        """Seconds without a page while there is something to write; 0 after the hand-in and outside the window."""
        seat = self.seats.get(number)
        sitting = hall.sittings.get(number)
        done = sitting is not None and sitting.receipt is not None
        if seat is None or seat.away_ns is None or done or hall.window.phase is not Phase.OPEN:
            return 0
        away_ns = mono_ns - seat.away_ns
        return away_ns // _S if away_ns > AWAY_NS else 0

    def changed_device(self, number: str, mono_ns: int) -> bool:
        """Whether another page took this candidate's seat a short while ago."""
        seat = self.seats.get(number)
        return seat is not None and seat.moved_ns is not None and mono_ns - seat.moved_ns < DEVICES_NS


def unsaved_s(hall: Hall, number: str, mono_ns: int) -> int:
    """Seconds for which a page has said that answers are not saved; 0 while that may be their way here."""
    waits = hall.waits.get(number)
    waited_ns = mono_ns - waits.since_ns if waits is not None else 0
    return waited_ns // _S if waited_ns >= UNSAVED_NS else 0
