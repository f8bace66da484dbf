"""Rows of single questions: as they stand, every change with the question before it, and which exams ask them."""

import msgspec
import sqlalchemy as sa

from orchestrator.exams.bank import Question, digest
from orchestrator.exams.bank_store import OptionRow, keep_images, row_of
from orchestrator.exams.choice import ExamKind
from orchestrator.exams.model import KEY_HELD
from orchestrator.exams.store import Connection
from orchestrator.storage.schema.exams import bank_change, bank_question, exam, exam_question
from wire.ids import ItemId, OptionId, new_id


class Held(msgspec.Struct, frozen=True):
    """A question as it stands in the bank, key and all; `images` are digests; `pinned` and `right` are option ids."""

    id: ItemId
    title: str
    category: str
    format: str
    text: str
    options: tuple[OptionRow, ...]
    right: OptionId
    images: tuple[str, ...]
    source: str
    version: int
    added_ns: int
    archived_ns: int | None = None

    @property
    def places(self) -> tuple[int, tuple[int, ...]]:
        """The places of the right option and of the pinned ones."""
        right = next(place for place, option in enumerate(self.options) if option.id == self.right)
        return right, tuple(place for place, option in enumerate(self.options) if option.pinned)


class Change(msgspec.Struct, frozen=True):
    """One change: `version` ended with it, `before` is how the question stood."""

    version: int
    what: str
    who: str
    at_ns: int
    before: Held


class Repeated(Exception):
    """Another question of the bank says the same."""


def every(conn: Connection) -> list[Held]:
    """All questions, archived ones too, newest first."""
    newest = sa.select(bank_question).order_by(bank_question.c.added_ns.desc(), bank_question.c.id)
    return [_held(row) for row in conn.execute(newest)]


def find(conn: Connection, question: ItemId) -> Held | None:
    """One question, or None."""
    row = conn.execute(sa.select(bank_question).where(bank_question.c.id == question)).one_or_none()
    return None if row is None else _held(row)


def at_version(conn: Connection, question: ItemId, version: int) -> Held | None:
    """The question as it stood in that version."""
    now = find(conn, question)
    if now is not None and now.version == version:
        return now
    column = bank_change.c
    chosen = sa.select(column.before).where((column.question == question) & (column.version == version))
    before = conn.execute(chosen).scalar_one_or_none()
    return None if before is None else msgspec.json.decode(before, type=Held)


def changes(conn: Connection, question: ItemId) -> list[Change]:
    """What happened to it, the newest first."""
    column = bank_change.c
    rows = conn.execute(sa.select(bank_change).where(column.question == question).order_by(column.version.desc()))
    return [Change(r.version, r.what, r.who, r.at_ns, msgspec.json.decode(r.before, type=Held)) for r in rows]


def insert(conn: Connection, question: Question, now_ns: int) -> ItemId:
    """Add a question written in the console; raises `Repeated`."""
    row = row_of(question, digest(question), now_ns, "console")
    _refuse_repeated(conn, digest(question), None)
    keep_images(conn, question.images, now_ns)
    conn.execute(sa.insert(bank_question).values(**row))
    return ItemId(str(row["id"]))


def replace(conn: Connection, before: Held, question: Question, who: str, now_ns: int) -> None:
    """Put `question` in place of `before`, which goes on record; options keep their ids by place. Raises `Repeated`."""
    mark = digest(question)
    _refuse_repeated(conn, mark, before.id)
    keep_images(conn, question.images, now_ns)
    known = [option.id for option in before.options]
    options = [
        OptionRow(known[place] if place < len(known) else OptionId(new_id("opt")), text, place in question.pinned)
        for place, text in enumerate(question.options)
    ]
    told = [image.digest for image in question.images]
    _change(
        conn,
        before,
        ("edited", who, now_ns),
        digest=mark,
        title=question.title,
        category=question.category,
        format=question.format,
        text=question.text,
        options=msgspec.json.encode(options).decode(),
        right_option=options[question.right].id,
        images=msgspec.json.encode(told).decode(),
    )


def archive(conn: Connection, before: Held, who: str, now_ns: int, *, away: bool) -> None:
    """Take a question out of use, or back into it."""
    what = "archived" if away else "restored"
    _change(conn, before, (what, who, now_ns), archived_ns=now_ns if away else None)


def delete(conn: Connection, before: Held, who: str, now_ns: int) -> None:
    """Remove a question that no exam has asked; how it stood stays on record."""
    _note(conn, before, "deleted", who, now_ns)
    conn.execute(sa.delete(bank_question).where(bank_question.c.id == before.id))


def asked_by(conn: Connection, question: ItemId) -> list[str]:
    """Titles of the exams that ask the question."""
    chosen = sa.select(exam.c.title).join(exam_question, exam.c.id == exam_question.c.exam)
    return list(conn.execute(chosen.where(exam_question.c.question == question).order_by(exam.c.t0_ns)).scalars())


def held_questions(conn: Connection) -> dict[str, str]:
    """Questions of papers that are sealed and not yet over, with the exam's title: no key of theirs leaves the centre,
    and nobody edits them."""
    under_way = exam.c.stage.in_(sorted(KEY_HELD)) & (exam.c.kind == ExamKind.EXAM)
    chosen = sa.select(exam_question.c.question, exam.c.title).join(exam, exam.c.id == exam_question.c.exam)
    return {row[0]: row[1] for row in conn.execute(chosen.where(under_way))}


def asked(conn: Connection, exam_id: str) -> list[tuple[ItemId, int]]:
    """The questions of a sealed exam with their versions, in the order they were chosen."""
    column = exam_question.c
    rows = conn.execute(sa.select(exam_question).where(column.exam == exam_id).order_by(column.place))
    return [(row.question, row.version) for row in rows]


def _refuse_repeated(conn: Connection, mark: bytes, own: ItemId | None) -> None:
    other = conn.execute(sa.select(bank_question.c.id).where(bank_question.c.digest == mark)).scalar_one_or_none()
    if other is not None and other != own:
        raise Repeated(other)


def _change(conn: Connection, before: Held, deed: tuple[str, str, int], **values: object) -> None:
    _note(conn, before, *deed)
    held = (bank_question.c.id == before.id) & (bank_question.c.version == before.version)
    conn.execute(sa.update(bank_question).where(held).values(version=before.version + 1, **values))


def _note(conn: Connection, before: Held, what: str, who: str, now_ns: int) -> None:
    told = msgspec.json.encode(before).decode()
    row = {"question": before.id, "version": before.version, "what": what, "who": who, "at_ns": now_ns, "before": told}
    conn.execute(sa.insert(bank_change).values(**row))


def _held(row: sa.Row[tuple[object, ...]]) -> Held:
    return Held(
        id=row.id,
        title=row.title,
        category=row.category,
        format=row.format,
        text=row.text,
        options=tuple(msgspec.json.decode(row.options, type=list[OptionRow])),
        right=row.right_option,
        images=tuple(msgspec.json.decode(row.images, type=list[str])),
        source=row.source,
        version=row.version,
        added_ns=row.added_ns,
        archived_ns=row.archived_ns,
    )
