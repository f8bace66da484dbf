"""Rows of the bank."""

import msgspec
import sqlalchemy as sa

from orchestrator.exams.bank import Question, Refusal, digest, shown
from orchestrator.exams.lint import Known
from orchestrator.exams.papers import Stored
from orchestrator.exams.store import Connection
from orchestrator.storage.schema.exams import bank_question
from wire.ids import ItemId, OptionId, new_id
from wire.paper import Option


class _Option(msgspec.Struct):
    id: OptionId
    text: str
    pinned: bool


class Listed(msgspec.Struct, frozen=True):
    """A question as the bank's page lists it, without its key: options stand in the order of their random ids."""

    id: ItemId
    title: str
    category: str
    text: str
    options: list[str]
    added_ns: int


def add(conn: Connection, questions: tuple[Question, ...], now_ns: int) -> list[Refusal]:
    """Store the questions; those that the bank already has are left out and returned as refused."""
    known = set(conn.execute(sa.select(bank_question.c.digest)).scalars())
    refused: list[Refusal] = []
    rows = []
    for question in questions:
        mark = digest(question)
        if mark in known:
            refused.append(Refusal(question.line, "câu này đã có trong ngân hàng"))
            continue
        known.add(mark)
        rows.append(_row(question, mark, now_ns))
    if rows:
        conn.execute(sa.insert(bank_question), rows)
    return refused


def _row(question: Question, mark: bytes, now_ns: int) -> dict[str, object]:
    options = [
        _Option(OptionId(new_id("opt")), text, place in question.pinned) for place, text in enumerate(question.options)
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
    }


def whole_bank(conn: Connection) -> list[Stored]:
    """Every question as a paper may ask it."""
    return [_stored(row) for row in conn.execute(sa.select(bank_question))]


def listed(conn: Connection) -> list[Listed]:
    """Every question for the bank's page, newest first."""
    newest = bank_question.c.added_ns.desc()
    return [_listed(row) for row in conn.execute(sa.select(bank_question).order_by(newest, bank_question.c.id))]


def known(conn: Connection) -> list[Known]:
    """Every question as a lint compares new ones with it."""
    return [
        Known(one.title, one.text, tuple(one.options))
        for one in (_listed(row) for row in conn.execute(sa.select(bank_question)))
    ]


def authored(conn: Connection) -> list[Question]:
    """Every question as its author sees it, key and all, oldest first."""
    oldest = sa.select(bank_question).order_by(bank_question.c.added_ns, bank_question.c.id)
    return [_authored(row) for row in conn.execute(oldest)]


def size(conn: Connection) -> int:
    """How many questions the bank holds."""
    return conn.execute(sa.select(sa.func.count()).select_from(bank_question)).scalar_one()


def _stored(row: sa.Row[tuple[object, ...]]) -> Stored:
    options = msgspec.json.decode(row.options, type=list[_Option])
    return Stored(
        id=row.id,
        text=shown(row.text, row.format),
        options=tuple(Option(option.id, shown(option.text, row.format)) for option in options),
        right=row.right_option,
        pinned=tuple(option.id for option in options if option.pinned),
    )


def _authored(row: sa.Row[tuple[object, ...]]) -> Question:
    options = msgspec.json.decode(row.options, type=list[_Option])
    return Question(
        line=0,
        title=row.title,
        category=row.category,
        format="plain",
        text=shown(row.text, row.format),
        options=tuple(shown(option.text, row.format) for option in options),
        right=next(place for place, option in enumerate(options) if option.id == row.right_option),
        pinned=tuple(place for place, option in enumerate(options) if option.pinned),
    )


def _listed(row: sa.Row[tuple[object, ...]]) -> Listed:
    options = sorted(msgspec.json.decode(row.options, type=list[_Option]), key=lambda option: option.id)
    return Listed(
        row.id,
        row.title,
        row.category,
        shown(row.text, row.format),
        [shown(option.text, row.format) for option in options],
        row.added_ns,
    )
