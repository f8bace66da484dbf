"""Rows of closings by protocol. Plain functions inside the caller's transaction."""

import sqlalchemy as sa

from orchestrator.exams.outcome.reconcile import MS, Closed, Closing
from orchestrator.storage.schema.results import exam_closing
from wire.ids import ExamId, SiteId

Connection = sa.Connection


def keep_closing(conn: Connection, exam: ExamId, site: SiteId, closing: Closing, at_ns: int) -> None:
    """Add a closing; the newest of a site counts."""
    told = {name: getattr(closing, name) for name in ("how", "present", "reason", "who")}
    conn.execute(sa.insert(exam_closing).values(exam=exam, site=site, at_ns=at_ns, **told))


def closings(conn: Connection, exam: ExamId) -> dict[SiteId, Closing]:
    """The closings that count."""
    column = exam_closing.c
    rows = conn.execute(sa.select(exam_closing).where(column.exam == exam).order_by(column.id))
    newest = {row.site: Closing(Closed(row.how), row.present, row.reason, row.who, row.at_ns // MS) for row in rows}
    return {site: closing for site, closing in newest.items() if closing.how is not Closed.REOPENED}


def given_up_ns(conn: Connection, exam: ExamId) -> dict[SiteId, int]:
    """When the closings that count were told."""
    column = exam_closing.c
    rows = conn.execute(sa.select(exam_closing).where(column.exam == exam).order_by(column.id))
    newest = {row.site: (Closed(row.how), row.at_ns) for row in rows}
    return {site: at_ns for site, (how, at_ns) in newest.items() if how is not Closed.REOPENED}
