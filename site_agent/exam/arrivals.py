"""Puts candidates who come from another desk, or go to one, into a hall. Pure."""

import structlog

from site_agent.exam.hall import Hall, keep_roster
from site_agent.exam.journal import Past
from site_agent.exam.ledger import Seed
from wire.exam_home import Seat
from wire.ids import ExamId
from wire.roster import RosterEntry, open_roster
from wire.seal import SealBroken

log = structlog.get_logger()


def relive(hall: Hall, past: Past, site_secret: bytes) -> None:
    """Fold what the journal holds into a hall, in the order in which it happened."""
    waiting = [seed for seed in past.seeds if seed.exam == hall.exam]
    for entry in past.entries:
        if entry.event.exam == hall.exam:
            while waiting and waiting[0].row < entry.row:
                arrive(hall, waiting.pop(0), site_secret)
            hall.take(entry)
    for seed in waiting:
        arrive(hall, seed, site_secret)
    for session in past.sessions:
        if session.exam == hall.exam:
            hall.recall(session)
    for number in hall.gone:
        hall.live.pop(number, None)


def arrive(hall: Hall, seed: Seed, site_secret: bytes) -> None:
    """Take somebody into the hall, or let them go."""
    number = seed.seat.number
    if seed.gone:
        hall.guests.pop(number, None)
        hall.live.pop(number, None)
        entry = hall.roster.get(number)
        if entry is not None:
            hall.gone[number] = entry
    else:
        hall.sitting(number).go_on(seed.seat)
        if seed.seat.sealed_entry:
            entry = _entry(hall.exam, seed.seat, site_secret)
            if entry is None:
                return
            hall.guests[number] = entry
            hall.gone.pop(number, None)
    keep_roster(hall, hall.held.roster)


def _entry(exam: ExamId, seat: Seat, site_secret: bytes) -> RosterEntry | None:
    try:
        entries = open_roster(site_secret, exam, seat.sealed_entry)
    except SealBroken:
        log.error("guest_entry_broken", exam=exam)
        return None
    return next((entry for entry in entries if entry.number == seat.number), None)
