"""Rows of exams, their packages and marks. Plain functions inside the caller's transaction."""

from collections import Counter
from collections.abc import Collection
from typing import Any

import msgspec
import sqlalchemy as sa

from orchestrator.exams import closing_store, release_store
from orchestrator.exams.choice import Choice, ExamKind
from orchestrator.exams.invigilation import store as fairness
from orchestrator.exams.marks import CandidateState, Key, Marks
from orchestrator.exams.model import RUNNING, Action, Exam, SiteWindow, Stage, after
from orchestrator.exams.release.sharing import place_of, share_digest
from orchestrator.exams.sealing import Candidate, Package, SealedPaper, SitePackage
from orchestrator.storage.schema import exams as tables
from orchestrator.storage.schema.home import exam_move
from wire.ids import ExamId, ItemId, OptionId, SiteId
from wire.paper import Plan

Connection = sa.Connection

_HEAD = (
    "id", "title", "stage", "version", "t0_ns", "duration_s", "questions", "codes", "seed", "created_ns", "who",
    "manifest", "signature", "release_sealed", "kind",
)  # fmt: skip


class Stale(Exception):
    """Somebody else moved the exam first; read it again."""


class MarkRow(msgspec.Struct, frozen=True, gc=False):
    """A candidate's mark as it stands."""

    number: str
    site: SiteId
    name: str
    code: str
    correct: int
    maximum: int
    state: CandidateState
    late: int
    ended_by: bytes


# --- the exam itself ---------------------------------------------------------------------------------------------


def insert(conn: Connection, exam: Exam) -> None:
    """Store a new draft with its sites."""
    head = {name: getattr(exam, name) for name in _HEAD}
    told = {name: msgspec.json.encode(getattr(exam, name)).decode() for name in ("plan", "choice")}
    conn.execute(sa.insert(tables.exam).values(**head, **told))
    release_store.insert(conn, exam.id, exam.releasing)
    if exam.sites:
        rows = [{"exam": exam.id, "site": site, "package": "missing"} for site in exam.sites]
        conn.execute(sa.insert(tables.exam_site), rows)


def find(conn: Connection, exam: ExamId) -> Exam | None:
    """One exam, or None."""
    row = conn.execute(sa.select(tables.exam).where(tables.exam.c.id == exam)).one_or_none()
    return None if row is None else _exam(conn, row)


def every(conn: Connection) -> list[Exam]:
    """All exams, the newest T0 first."""
    chosen = sa.select(tables.exam).order_by(tables.exam.c.t0_ns.desc(), tables.exam.c.id)
    return [_exam(conn, row) for row in conn.execute(chosen).all()]


def at_stages(conn: Connection, stages: Collection[Stage]) -> list[Exam]:
    """The exams that stand in one of these stages, the newest T0 first."""
    exam = tables.exam.c
    chosen = sa.select(tables.exam).where(exam.stage.in_(sorted(stages))).order_by(exam.t0_ns.desc(), exam.id)
    return [_exam(conn, row) for row in conn.execute(chosen).all()]


def watched(conn: Connection, since_ns: int) -> list[Exam]:
    """Exams that time or a site may still move; those already over only if their T0 is after `since_ns`."""
    exam = tables.exam.c
    over = exam.stage.in_((Stage.CANCELLED, Stage.MARKED)) & (exam.t0_ns > since_ns)
    rows = conn.execute(sa.select(tables.exam).where(exam.stage.in_(sorted(RUNNING)) | over).order_by(exam.t0_ns))
    return [_exam(conn, row) for row in rows.all()]


def move(conn: Connection, exam: Exam, action: Action) -> Exam:
    """Take a step if nobody else did since `exam` was read; raises `IllegalStep` or `Stale`."""
    moved = msgspec.structs.replace(exam, stage=after(exam.stage, action), version=exam.version + 1)
    held = (tables.exam.c.id == exam.id) & (tables.exam.c.version == exam.version)
    done = conn.execute(sa.update(tables.exam).where(held).values(stage=moved.stage, version=moved.version))
    if done.rowcount != 1:
        raise Stale(exam.id)
    return moved


def change(conn: Connection, exam: Exam, action: Action, **values: Any) -> None:
    """Take a step that changes more than the stage; raises `IllegalStep` or `Stale`."""
    move(conn, exam, action)
    conn.execute(sa.update(tables.exam).where(tables.exam.c.id == exam.id).values(**values))


def _exam(conn: Connection, row: Any) -> Exam:
    site = tables.exam_site.c
    sites = conn.execute(sa.select(site.site).where(site.exam == row.id).order_by(site.site)).scalars()
    head = {name: getattr(row, name) for name in _HEAD}
    head |= {"stage": Stage(row.stage), "kind": ExamKind(row.kind)}
    head["releasing"] = release_store.load(conn, row.id)
    choice = msgspec.json.decode(row.choice, type=Choice)
    return Exam(**head, plan=msgspec.json.decode(row.plan, type=Plan), choice=choice, sites=tuple(sites))


# --- the package -------------------------------------------------------------------------------------------------


def keep_package(conn: Connection, exam: Exam, package: Package, now_ns: int) -> None:
    """Store what sealing made; the caller moves the exam in the same transaction."""
    conn.execute(
        sa.update(tables.exam)
        .where(tables.exam.c.id == exam.id)
        .values(manifest=package.manifest, signature=package.signature, release_sealed=package.release_sealed)
    )
    conn.execute(
        sa.insert(tables.exam_paper), [{"exam": exam.id, **msgspec.structs.asdict(paper)} for paper in package.papers]
    )
    for site in package.sites:
        conn.execute(
            sa.update(tables.exam_site)
            .where((tables.exam_site.c.exam == exam.id) & (tables.exam_site.c.site == site.site))
            .values(wraps=msgspec.msgpack.encode(site.wraps), roster=site.roster)
        )
    if package.candidates:
        rows = [{"exam": exam.id, **msgspec.structs.asdict(candidate)} for candidate in package.candidates]
        conn.execute(sa.insert(tables.exam_candidate), rows)
    release_store.keep_shares(conn, exam.id, kept_shares(exam.id, package))
    release_store.change(conn, exam.id, reserve_sealed=package.reserve_sealed)
    keep_key(conn, exam.id, Key(1, {item: (right,) for item, right in package.right.items()}), now_ns)


def keep_release(conn: Connection, exam: ExamId, sealed: bytes) -> None:
    """Keep the release secret, encrypted at rest, once officers have entered it."""
    conn.execute(sa.update(tables.exam).where(tables.exam.c.id == exam).values(release_sealed=sealed))


def kept_shares(exam: ExamId, package: Package) -> list[release_store.KeptShare]:
    """What is kept of the officers' shares: only what tells a right one from a wrong one."""
    return [
        release_store.KeptShare(kind, place_of(share), share_digest(exam, kind, share))
        for kind, shares in package.shares.items()
        for share in shares
    ]


def site_package(conn: Connection, exam: ExamId, site: SiteId) -> SitePackage | None:
    """Wraps and sealed roster of a site, None before sealing."""
    chosen = (tables.exam_site.c.exam == exam) & (tables.exam_site.c.site == site)
    row = conn.execute(sa.select(tables.exam_site).where(chosen)).one_or_none()
    if row is None or row.wraps is None or row.roster is None:
        return None
    return SitePackage(site, msgspec.msgpack.decode(row.wraps, type=dict[str, bytes]), row.roster)


def sealed_paper(conn: Connection, digest: bytes) -> bytes | None:
    """The sealed bytes with this SHA-256."""
    paper = tables.exam_paper.c
    return conn.execute(sa.select(paper.sealed).where(paper.digest == digest).limit(1)).scalar_one_or_none()


def papers(conn: Connection, exam: ExamId) -> list[SealedPaper]:
    """The sealed papers of an exam, by code."""
    rows = conn.execute(
        sa.select(tables.exam_paper).where(tables.exam_paper.c.exam == exam).order_by(tables.exam_paper.c.code)
    )
    return [SealedPaper(row.code, row.digest, row.sealed, row.key_sealed) for row in rows]


def candidates(conn: Connection, exam: ExamId) -> list[Candidate]:
    """Everybody registered, site by site in roster order."""
    column = tables.exam_candidate.c
    rows = conn.execute(sa.select(tables.exam_candidate).where(column.exam == exam).order_by(column.site, column.place))
    return [Candidate(row.number, row.site, row.place, row.name, row.code, row.secrets, row.extra_s) for row in rows]


def seats(conn: Connection, exam: ExamId) -> list[tuple[str, SiteId, str]]:
    """Number, site and assigned code of everybody registered, site by site in roster order."""
    column = tables.exam_candidate.c
    chosen = sa.select(column.number, column.site, column.code).where(column.exam == exam)
    return [(row[0], row[1], row[2]) for row in conn.execute(chosen.order_by(column.site, column.place))]


def registered(conn: Connection, exam: ExamId) -> dict[SiteId, int]:
    """Candidates per site."""
    column = tables.exam_candidate.c
    counted = sa.select(column.site, sa.func.count()).where(column.exam == exam).group_by(column.site)
    return {row[0]: row[1] for row in conn.execute(counted)}


# --- sites in the exam -------------------------------------------------------------------------------------------


def seated(conn: Connection, exam: ExamId) -> Counter[SiteId]:
    """Candidates per site: of the roster, and whoever was ever moved there."""
    move = exam_move.c
    moved = sa.select(move.to_site, sa.func.count()).where(move.exam == exam).group_by(move.to_site)
    found = Counter(registered(conn, exam))
    for site, count in conn.execute(moved):
        found[site] += count
    return found


def windows(conn: Connection, exam: ExamId, *, seats: bool = False) -> tuple[SiteWindow, ...]:
    """Where each site stands; with its candidates where `seats` is asked for, which takes longer."""
    sitting = seated(conn, exam) if seats else None
    longest = fairness.longest_s(conn, exam)
    read_out = release_store.reserve_reads(conn, exam)
    given_up = closing_store.given_up_ns(conn, exam)
    site = tables.exam_site.c
    rows = conn.execute(sa.select(tables.exam_site).where(site.exam == exam).order_by(site.site))
    return tuple(
        SiteWindow(
            row.site,
            row.package,
            row.opened_lo_ns,
            row.opened_hi_ns,
            row.clock,
            row.closed_ns,
            longest.get(row.site, 0),
            read_out.get(row.site),
            given_up.get(row.site),
            None if sitting is None else sitting[row.site],
        )
        for row in rows
    )


def set_package(conn: Connection, exam: ExamId, site: SiteId, package: str) -> bool:
    """Note that the package was sent, or that the site says it is ready; True when this was news. Never back from
    ready to sent."""
    column = tables.exam_site.c
    held = (column.exam == exam) & (column.site == site) & column.package.not_in(("ready", package))
    return conn.execute(sa.update(tables.exam_site).where(held).values(package=package)).rowcount == 1


# --- keys and marks ----------------------------------------------------------------------------------------------


def keep_key(conn: Connection, exam: ExamId, key: Key, now_ns: int) -> None:
    """Add a version of the key; older ones stay."""
    told = {"right_options": key.right, "credited": sorted(key.credited)}
    written = {name: msgspec.json.encode(value).decode() for name, value in told.items()}
    conn.execute(sa.insert(tables.exam_key).values(exam=exam, version=key.version, at_ns=now_ns, **written))


def newest_key(conn: Connection, exam: ExamId) -> Key:
    """The key in force."""
    column = tables.exam_key.c
    row = conn.execute(
        sa.select(tables.exam_key).where(column.exam == exam).order_by(column.version.desc()).limit(1)
    ).one()
    right = msgspec.json.decode(row.right_options, type=dict[ItemId, tuple[OptionId, ...]])
    return Key(row.version, right, msgspec.json.decode(row.credited, type=frozenset[ItemId]))


def replace_marks(conn: Connection, exam: ExamId, key: Key, marked: Marks) -> None:
    """Store the marks by number in place of all earlier ones of the exam."""
    conn.execute(sa.delete(tables.exam_mark).where(tables.exam_mark.c.exam == exam))
    rows = [
        {
            "exam": exam,
            "number": number,
            "key_version": key.version,
            "correct": one.correct,
            "maximum": one.maximum,
            "state": one.sheet.state,
            "late": one.sheet.late,
            "ended_by": one.sheet.ended_by,
            "code": one.code,
        }
        for number, one in marked.items()
    ]
    if rows:
        conn.execute(sa.insert(tables.exam_mark), rows)


def marks(conn: Connection, exam: ExamId) -> list[MarkRow]:
    """Every candidate's mark, site by site in roster order."""
    mark, person = tables.exam_mark.c, tables.exam_candidate.c
    chosen = (
        sa.select(
            mark.number, person.site, person.name, mark.code, person.code, mark.correct, mark.maximum, mark.state,
            mark.late, mark.ended_by,
        )
        .join(tables.exam_candidate, (person.exam == mark.exam) & (person.number == mark.number))
        .where(mark.exam == exam)
        .order_by(person.site, person.place)
    )  # fmt: skip
    return [
        MarkRow(number, site, name, code or assigned, correct, maximum, _STATES[state], late, ended_by)
        for number, site, name, code, assigned, correct, maximum, state, late, ended_by in conn.execute(chosen)
    ]


_STATES = {state.value: state for state in CandidateState}
