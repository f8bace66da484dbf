"""What the centre already has of a candidate's messages, by the page's own keys."""

import sqlalchemy as sa

from orchestrator.exams.store import Connection
from orchestrator.storage.schema.exams import exam_event
from wire.ids import ExamId


def said(conn: Connection, exam: ExamId, number: str) -> dict[tuple[str, int], tuple[str | None, str | None]]:
    """(session, counter) → (item, option) of every event of this candidate that a page has said."""
    column = exam_event.c
    wanted = sa.select(column.session, column.client_seq, column.item, column.option).where(
        (column.exam == exam) & (column.candidate == number) & (column.client_seq > 0)
    )
    return {(row.session, row.client_seq): (row.item, row.option) for row in conn.execute(wanted)}
