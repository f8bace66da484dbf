"""How much time people may use at a desk that is not their own. Rows in, seconds out; inside the caller's
transaction."""

from collections.abc import Mapping

import sqlalchemy as sa

from orchestrator.exams.invigilation.model import Granted
from orchestrator.storage.schema.exams import exam_candidate, exam_site
from orchestrator.storage.schema.home import exam_move
from wire.ids import ExamId, SiteId
from wire.messages import NEVER_NS

_S = 1_000_000_000


def longest_s(conn: sa.Connection, exam: ExamId, granted: Mapping[SiteId, Granted]) -> dict[SiteId, int]:
    """The most time beside the plan that anybody may use at a desk they were moved to: what the desk gives, what every
    other desk of theirs gave, and as much as their own school opened later. A desk that somebody has left since is
    counted too: it may not have heard that they left."""
    openings = _openings(conn, exam)
    found: dict[SiteId, int] = {}
    for (number, home), moved_to in _moved(conn, exam).items():
        for desk in moved_to:
            here, own = granted.get(desk, Granted()), granted.get(home, Granted())
            others = (moved_to | {home}) - {desk}
            brought_s = sum(granted.get(other, Granted()).each.get(number, 0) for other in others)
            if desk != home:  # a guest keeps what the own school gave everybody, and has what comes here later too
                brought_s += own.everybody + _later_s(openings.get(home), openings.get(desk))
            found[desk] = max(found.get(desk, 0), here.of(number) + brought_s)
    return found


def _moved(conn: sa.Connection, exam: ExamId) -> dict[tuple[str, SiteId], set[SiteId]]:
    """Number and own site of whoever was moved, and the desks they were moved to."""
    move, person = exam_move.c, exam_candidate.c
    chosen = (
        sa.select(person.number, person.site, move.to_site)
        .join(exam_move, (move.exam == person.exam) & (move.number == person.number))
        .where(person.exam == exam)
    )
    found: dict[tuple[str, SiteId], set[SiteId]] = {}
    for number, home, desk in conn.execute(chosen):
        found.setdefault((number, SiteId(home)), set()).add(SiteId(desk))
    return found


def _openings(conn: sa.Connection, exam: ExamId) -> dict[SiteId, tuple[int, int]]:
    site = exam_site.c
    known = (site.exam == exam) & site.opened_lo_ns.is_not(None) & (site.opened_hi_ns < NEVER_NS)
    rows = conn.execute(sa.select(site.site, site.opened_lo_ns, site.opened_hi_ns).where(known))
    return {SiteId(row[0]): (row[1], row[2]) for row in rows}


def _later_s(home: tuple[int, int] | None, desk: tuple[int, int] | None) -> int:
    """At most so much later did the own school open, whole seconds, rounded up."""
    return 0 if home is None or desk is None else max(0, -((desk[0] - home[1]) // _S))
