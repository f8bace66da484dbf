"""Rows <-> essays, drafts, uploads and versions."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa

from orchestrator.essays.model import Check, Essay, EssayPlan, Form, Version
from orchestrator.storage.schema.essays import essay, essay_draft, essay_upload, essay_version

Connection = sa.Connection


class Upload(msgspec.Struct, frozen=True):
    """A file on its way in. ``version``: what it became; ``sha256``: the digest that the page promised, if any;
    ``collected_ns``: when a site had it complete on paper, for what a person enters later."""

    id: str
    essay: str
    number: str
    owner: str
    name: str
    size: int
    sha256: bytes | None
    created_ns: int
    collected_ns: int | None = None
    version: str | None = None


class Draft(msgspec.Struct, frozen=True):
    """Text that is being written; ``revision`` is the page's own counter."""

    text: str
    revision: int
    saved_ns: int


# --- essays ------------------------------------------------------------------------------------------------------


def put_essay(conn: Connection, one: Essay, now_ns: int) -> None:
    """A new essay, or a new plan for one."""
    plan = msgspec.json.encode(one.plan).decode()
    changed = conn.execute(essay.update().where(essay.c.id == one.id).values(plan=plan))
    if changed.rowcount == 0:
        conn.execute(essay.insert().values(id=one.id, course=one.course, plan=plan, created_ns=now_ns))


def find_essay(conn: Connection, essay_id: str) -> Essay | None:
    row = conn.execute(sa.select(essay).where(essay.c.id == essay_id)).first()
    return _essay(row) if row else None


def essay_of(conn: Connection, course: str) -> Essay | None:
    row = conn.execute(sa.select(essay).where(essay.c.course == course)).first()
    return _essay(row) if row else None


def all_essays(conn: Connection) -> list[Essay]:
    """Every essay, the newest first."""
    return [_essay(row) for row in conn.execute(sa.select(essay).order_by(essay.c.created_ns.desc()))]


def _essay(row: Any) -> Essay:
    return Essay(row.id, row.course, msgspec.json.decode(row.plan, type=EssayPlan))


# --- drafts ------------------------------------------------------------------------------------------------------


def put_draft(conn: Connection, essay_id: str, number: str, draft: Draft) -> None:
    """Keep the newest text of a writer."""
    mine = (essay_draft.c.essay == essay_id) & (essay_draft.c.number == number)
    values = msgspec.structs.asdict(draft)
    if conn.execute(essay_draft.update().where(mine).values(**values)).rowcount == 0:
        conn.execute(essay_draft.insert().values(essay=essay_id, number=number, **values))


def find_draft(conn: Connection, essay_id: str, number: str) -> Draft | None:
    mine = (essay_draft.c.essay == essay_id) & (essay_draft.c.number == number)
    row = conn.execute(sa.select(essay_draft).where(mine)).first()
    return Draft(row.text, row.revision, row.saved_ns) if row else None


# --- uploads -----------------------------------------------------------------------------------------------------


def insert_upload(conn: Connection, upload: Upload) -> None:
    conn.execute(essay_upload.insert().values(**msgspec.structs.asdict(upload)))


def find_upload(conn: Connection, upload_id: str) -> Upload | None:
    row = conn.execute(sa.select(essay_upload).where(essay_upload.c.id == upload_id)).mappings().first()
    return Upload(**row) if row else None


def open_uploads(conn: Connection, essay_id: str, number: str) -> int:
    """How many uploads of a participant have begun and not ended."""
    mine = (essay_upload.c.essay == essay_id) & (essay_upload.c.number == number) & essay_upload.c.version.is_(None)
    return conn.execute(sa.select(sa.func.count()).select_from(essay_upload).where(mine)).scalar_one()


def finish_upload(conn: Connection, upload_id: str, version: str) -> None:
    conn.execute(essay_upload.update().where(essay_upload.c.id == upload_id).values(version=version))


def drop_upload(conn: Connection, upload_id: str) -> None:
    conn.execute(essay_upload.delete().where(essay_upload.c.id == upload_id))


def stale_uploads(conn: Connection, before_ns: int) -> list[str]:
    """Uploads that began before an instant and never ended."""
    stale = essay_upload.c.version.is_(None) & (essay_upload.c.created_ns < before_ns)
    return list(conn.scalars(sa.select(essay_upload.c.id).where(stale)))


# --- versions ----------------------------------------------------------------------------------------------------


def insert_version(conn: Connection, version: Version) -> None:
    conn.execute(essay_version.insert().values(**msgspec.structs.asdict(version)))


def judge_version(conn: Connection, version: Version) -> None:
    """Write what the check came to."""
    conn.execute(
        essay_version.update()
        .where(essay_version.c.id == version.id)
        .values(state=version.state, reason=version.reason, form=version.form, pages=version.pages, words=version.words)
    )


def find_version(conn: Connection, version_id: str) -> Version | None:
    row = conn.execute(sa.select(essay_version).where(essay_version.c.id == version_id)).first()
    return _version(row) if row else None


def versions(conn: Connection, essay_id: str, number: str | None = None) -> list[Version]:
    """All versions of one participant, or of all, the oldest first."""
    wanted = sa.select(essay_version).where(essay_version.c.essay == essay_id)
    if number is not None:
        wanted = wanted.where(essay_version.c.number == number)
    return [_version(row) for row in conn.execute(wanted.order_by(essay_version.c.number, essay_version.c.place))]


def unchecked(conn: Connection, most: int) -> list[Version]:
    """Versions that wait for the checker, the oldest first."""
    wanted = sa.select(essay_version).where(essay_version.c.state == Check.CHECKING)
    return [_version(row) for row in conn.execute(wanted.order_by(essay_version.c.received_ns).limit(most))]


def _version(row: Any) -> Version:
    return Version(
        id=row.id,
        essay=row.essay,
        number=row.number,
        place=row.place,
        digest=row.digest,
        size=row.size,
        form=Form(row.form),
        name=row.name,
        received_ns=row.received_ns,
        owner=row.owner,
        receipt=row.receipt,
        state=Check(row.state),
        reason=row.reason,
        pages=row.pages,
        words=row.words,
    )
