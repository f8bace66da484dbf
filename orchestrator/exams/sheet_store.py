"""Rows of paper answer sheets: what each person read, and on which sheets two agreed."""

import msgspec
import sqlalchemy as sa

from orchestrator.exams.store import Connection
from orchestrator.storage.schema.exams import exam_candidate, exam_event, exam_sheet, exam_sheet_entry
from wire.chain import EventKind
from wire.ids import ExamId, PersonId, SiteId


class Entry(msgspec.Struct, frozen=True):
    """What one person read off a sheet: the code written on it and a letter per question, "" for none, `*` for more
    than one mark."""

    candidate: str
    code: str
    letters: tuple[str, ...]
    reason: str
    person: PersonId
    who: str
    at_ns: int
    id: int = 0

    def says(self) -> tuple[str, tuple[str, ...]]:
        """What is compared."""
        return self.code, self.letters


class Accepted(msgspec.Struct, frozen=True):
    """A sheet on which two entries agreed."""

    candidate: str
    first_entry: int
    second_entry: int
    receipt: str
    at_ns: int


class Seat(msgspec.Struct, frozen=True):
    """A candidate of the exam."""

    number: str
    name: str
    site: SiteId
    code: str


def seat(conn: Connection, exam: ExamId, number: str) -> Seat | None:
    """The candidate, or None."""
    column = exam_candidate.c
    chosen = sa.select(exam_candidate).where((column.exam == exam) & (column.number == number))
    row = conn.execute(chosen).one_or_none()
    return None if row is None else Seat(row.number, row.name, row.site, row.code)


def add(conn: Connection, exam: ExamId, entry: Entry) -> Entry:
    """Keep an entry; gives it its id."""
    fields = msgspec.structs.asdict(entry) | {"letters": msgspec.json.encode(entry.letters).decode(), "exam": exam}
    del fields["id"]
    done = conn.execute(sa.insert(exam_sheet_entry).values(**fields))
    assert done.inserted_primary_key is not None
    return msgspec.structs.replace(entry, id=done.inserted_primary_key[0])


def entries(conn: Connection, exam: ExamId, number: str | None = None) -> list[Entry]:
    """All entries of a candidate, or of the exam, oldest first."""
    column = exam_sheet_entry.c
    chosen = (column.exam == exam) if number is None else (column.exam == exam) & (column.candidate == number)
    rows = conn.execute(sa.select(exam_sheet_entry).where(chosen).order_by(column.id))
    return [
        Entry(
            candidate=row.candidate,
            code=row.code,
            letters=tuple(msgspec.json.decode(row.letters, type=list[str])),
            reason=row.reason,
            person=row.person,
            who=row.who,
            at_ns=row.at_ns,
            id=row.id,
        )
        for row in rows
    ]


def accept(conn: Connection, exam: ExamId, sheet: Accepted) -> None:
    """Note that two agreed."""
    conn.execute(sa.insert(exam_sheet).values(exam=exam, **msgspec.structs.asdict(sheet)))


def accepted(conn: Connection, exam: ExamId) -> dict[str, Accepted]:
    """Sheets on which two agreed, by candidate."""
    rows = conn.execute(sa.select(exam_sheet).where(exam_sheet.c.exam == exam))
    return {
        row.candidate: Accepted(row.candidate, row.first_entry, row.second_entry, row.receipt, row.at_ns)
        for row in rows
    }


def answered_at_desk(conn: Connection, exam: ExamId, number: str) -> int:
    """How many answers of the candidate came from an exam desk, not from paper."""
    event = exam_event.c
    mine = (event.exam == exam) & (event.candidate == number)
    on_paper = sa.select(event.enrolment).where(mine & (event.kind == EventKind.SHEET))
    counted = sa.select(sa.func.count()).select_from(exam_event)
    return conn.execute(
        counted.where(mine & (event.kind == EventKind.ANSWER) & event.enrolment.not_in(on_paper))
    ).scalar_one()
