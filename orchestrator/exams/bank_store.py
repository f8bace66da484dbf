"""Rows of the bank: what comes in as files, and what is asked."""

from collections.abc import Iterable, Sequence

import msgspec
import sqlalchemy as sa

from orchestrator.exams.bank import Image, Question, Refusal, digest, shown
from orchestrator.exams.lint import Known
from orchestrator.exams.papers import Stored
from orchestrator.exams.store import Connection
from orchestrator.storage.schema.exams import bank_image, bank_question, exam_question
from wire.ids import ExamId, OptionId, new_id
from wire.paper import Option

_IN_USE = sa.select(bank_question).where(bank_question.c.archived_ns.is_(None))


class OptionRow(msgspec.Struct, frozen=True):
    """An option as it is stored."""

    id: OptionId
    text: str
    pinned: bool


def add(conn: Connection, questions: tuple[Question, ...], now_ns: int, source: str = "") -> list[Refusal]:
    """Store the questions with their images; those that the bank already has are left out and returned as refused."""
    known = set(conn.execute(sa.select(bank_question.c.digest)).scalars())
    refused: list[Refusal] = []
    rows = []
    taken = []
    for question in questions:
        mark = digest(question)
        if mark in known:
            refused.append(Refusal(question.line, "câu này đã có trong ngân hàng"))
            continue
        known.add(mark)
        taken.append(question)
        rows.append(row_of(question, mark, now_ns, source))
    if rows:
        keep_images(conn, [image for question in taken for image in question.images], now_ns)
        conn.execute(sa.insert(bank_question), rows)
    return refused


def row_of(question: Question, mark: bytes, now_ns: int, source: str) -> dict[str, object]:
    """A new row of the bank."""
    options = [
        OptionRow(OptionId(new_id("opt")), text, place in question.pinned)
        for place, text in enumerate(question.options)
    ]
    return {
        "id": new_id("item"),
        "digest": mark,
        "title": question.title,
        "category": question.category,
        "format": question.format,
        "text": question.text,
        "options": msgspec.json.encode(options).decode(),
        "right_option": options[question.right].id,
        "added_ns": now_ns,
        "images": msgspec.json.encode([image.digest for image in question.images]).decode(),
        "source": source,
    }


def keep_images(conn: Connection, images: Iterable[Image], now_ns: int) -> None:
    """Store each image once."""
    wanted = {image.digest: image for image in images}
    known = set(conn.execute(sa.select(bank_image.c.digest).where(bank_image.c.digest.in_(wanted))).scalars())
    rows = [{**msgspec.structs.asdict(one), "added_ns": now_ns} for name, one in wanted.items() if name not in known]
    if rows:
        conn.execute(sa.insert(bank_image), rows)


def images(conn: Connection, digests: Iterable[str]) -> dict[str, Image]:
    """The images that the bank has of these."""
    wanted = sa.select(bank_image).where(bank_image.c.digest.in_(set(digests)))
    return {
        row.digest: Image(row.digest, row.media, row.width, row.height, row.content) for row in conn.execute(wanted)
    }


def pictures(conn: Connection, chosen: Sequence[Stored]) -> dict[str, Image]:
    """The images of the questions."""
    return images(conn, [name for question in chosen for name in question.images])


def keep_chosen(conn: Connection, exam: ExamId, chosen: Sequence[Stored]) -> None:
    """Note which questions an exam asks, and in which version; those of a rehearsal are no questions of the bank."""
    rows = [
        {"exam": exam, "place": place, "question": one.id, "version": one.version} for place, one in enumerate(chosen)
    ]
    if rows:
        conn.execute(sa.insert(exam_question), rows)


def whole_bank(conn: Connection) -> list[Stored]:
    """Every question as a paper may ask it, without its images."""
    return [_stored(row) for row in conn.execute(_IN_USE)]


def known(conn: Connection) -> list[Known]:
    """Every question as a lint compares new ones with it."""
    return [
        Known(row.title, one.text, tuple(option.text for option in one.options))
        for row, one in ((row, _stored(row)) for row in conn.execute(_IN_USE))
    ]


def authored(conn: Connection) -> list[Question]:
    """Every question as its author sees it, key, images and all, oldest first."""
    rows = conn.execute(_IN_USE.order_by(bank_question.c.added_ns, bank_question.c.id)).all()
    held = images(conn, [name for row in rows for name in _images(row)])
    return [_authored(row, held) for row in rows]


def size(conn: Connection) -> int:
    """How many questions the bank holds."""
    counted = sa.select(sa.func.count()).select_from(bank_question).where(bank_question.c.archived_ns.is_(None))
    return conn.execute(counted).scalar_one()


def _stored(row: sa.Row[tuple[object, ...]]) -> Stored:
    options = msgspec.json.decode(row.options, type=list[OptionRow])
    return Stored(
        id=row.id,
        text=shown(row.text, row.format),
        options=tuple(Option(option.id, shown(option.text, row.format)) for option in options),
        right=row.right_option,
        pinned=tuple(option.id for option in options if option.pinned),
        topic=row.category,
        images=tuple(_images(row)),
        version=row.version,
    )


def _images(row: sa.Row[tuple[object, ...]]) -> list[str]:
    return msgspec.json.decode(row.images, type=list[str])


def _authored(row: sa.Row[tuple[object, ...]], held: dict[str, Image]) -> Question:
    options = msgspec.json.decode(row.options, type=list[OptionRow])
    return Question(
        line=0,
        title=row.title,
        category=row.category,
        format="plain",
        text=shown(row.text, row.format),
        options=tuple(shown(option.text, row.format) for option in options),
        right=next(place for place, option in enumerate(options) if option.id == row.right_option),
        pinned=tuple(place for place, option in enumerate(options) if option.pinned),
        images=tuple(held[name] for name in _images(row) if name in held),
    )
