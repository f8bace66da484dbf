"""Rows of what comes after the close: tallies, schemes, key proposals, publications."""

import zlib
from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from orchestrator.exams.bands import USUAL, Scheme, VoidRule
from orchestrator.exams.marks import Key
from orchestrator.exams.outcome.frozen import Frozen, Publication
from orchestrator.exams.outcome.reconcile import MS, Head, Tally
from orchestrator.exams.outcome.rekey import ItemChange, Proposal, ProposalState
from orchestrator.exams.store import Connection
from orchestrator.storage.schema import exams as tables
from orchestrator.storage.schema import home
from orchestrator.storage.schema import results as own
from wire.chain import GENESIS, EventKind
from wire.ids import ExamId, ItemId, OptionId, SiteId

# --- what came ------------------------------------------------------------------------------------------------------


class Wrote(msgspec.Struct, frozen=True, gc=False):
    """What stands of one candidate. `roots`: chains begun; `last`: the largest number in a chain."""

    number: str
    signed_in: bool
    opened: bool
    handed_in: bool
    closed: bool
    events: int
    last: int
    roots: int


def seats(conn: Connection, exam: ExamId) -> dict[str, SiteId]:
    """The site of every registered candidate, by number in order."""
    column = tables.exam_candidate.c
    rows = conn.execute(sa.select(column.number, column.site).where(column.exam == exam).order_by(column.number))
    return {row.number: row.site for row in rows}


def wrote(conn: Connection, exam: ExamId, first: str, last: str) -> list[Wrote]:
    """What stands of the candidates from `first` to `last`, who wrote anything."""
    column = tables.exam_event.c

    def any_of(kind: EventKind) -> sa.ColumnElement[int]:
        return sa.func.max(sa.case((column.kind == kind, 1), else_=0))

    chosen = (
        sa.select(
            column.candidate,
            any_of(EventKind.SIGN_IN).label("signed_in"),
            any_of(EventKind.OPEN).label("opened"),
            any_of(EventKind.HAND_IN).label("handed_in"),
            any_of(EventKind.CLOSE).label("closed"),
            sa.func.count().label("events"),
            sa.func.max(column.cand_seq).label("last"),
            sa.func.sum(sa.case((column.prev == GENESIS, 1), else_=0)).label("roots"),
        )
        .where((column.exam == exam) & column.candidate.between(first, last))
        .group_by(column.candidate)
    )
    return [
        Wrote(
            row.candidate, bool(row.signed_in), bool(row.opened), bool(row.handed_in), bool(row.closed), row.events,
            row.last, row.roots,
        )
        for row in conn.execute(chosen)
    ]  # fmt: skip


def chains(conn: Connection, exam: ExamId, numbers: Sequence[str]) -> dict[str, list[tuple[bytes, bytes]]]:
    """(previous hash, hash) of every event of these candidates."""
    column = tables.exam_event.c
    chosen = sa.select(column.candidate, column.prev, column.hash).where(
        (column.exam == exam) & column.candidate.in_(numbers)
    )
    found: dict[str, list[tuple[bytes, bytes]]] = {number: [] for number in numbers}
    for row in conn.execute(chosen):
        found[row.candidate].append((row.prev, row.hash))
    return found


def open_conflicts(conn: Connection, exam: ExamId) -> dict[SiteId, int]:
    """Records per site that wait for a person."""
    column, decision = tables.exam_conflict.c, home.exam_decision.c
    decided = sa.select(decision.conflict).where((decision.exam == exam) & decision.conflict.is_not(None))
    waiting = (column.exam == exam) & column.id.not_in(decided)
    rows = conn.execute(sa.select(column.site, sa.func.count()).where(waiting).group_by(column.site))
    return {row[0]: row[1] for row in rows}


def heads(conn: Connection, exam: ExamId) -> dict[SiteId, Head]:
    """The newest signed head of each site: whether everything that it covers is here."""
    column = home.exam_head.c
    rows = conn.execute(
        sa.select(column.site, column.places, column.verdict).where(column.exam == exam).order_by(column.received_ns)
    )
    return {row.site: Head(row.places, row.places - (row.verdict == "waiting")) for row in rows}


def tallied(
    home: dict[str, SiteId], found: Sequence[Wrote], broken: set[str], conflicts: dict[SiteId, int]
) -> dict[SiteId, Tally]:
    """The tallies of all sites that have candidates or conflicts."""
    counts: dict[SiteId, dict[str, int]] = {}
    for site in home.values():
        here = counts.setdefault(site, dict.fromkeys(Tally.__struct_fields__, 0))
        here["registered"] += 1
    for one in found:
        if one.number not in home:
            continue
        here = counts[home[one.number]]
        here["signed_in"] += one.signed_in
        here["opened"] += one.opened
        here["handed_in"] += one.handed_in
        here["ended"] += one.handed_in or one.closed
        here["events"] += one.events
        here["broken"] += one.number in broken
    for site, waiting in conflicts.items():
        counts.setdefault(site, dict.fromkeys(Tally.__struct_fields__, 0))["conflicts"] = waiting
    return {site: Tally(**each) for site, each in counts.items()}


def candidate(conn: Connection, exam: ExamId, number: str) -> Any:
    """The register's row of one candidate (site, name, code); None when nobody has this number."""
    person = tables.exam_candidate.c
    chosen = (person.exam == exam) & (person.number == number)
    return conn.execute(sa.select(tables.exam_candidate).where(chosen)).one_or_none()


# --- bands ----------------------------------------------------------------------------------------------------------


def scheme(conn: Connection, exam: ExamId) -> tuple[int, Scheme]:
    """The scheme in force with its version; 0 and the usual one while nobody has set any."""
    column = own.exam_scheme.c
    row = conn.execute(
        sa.select(own.exam_scheme).where(column.exam == exam).order_by(column.version.desc()).limit(1)
    ).one_or_none()
    return (0, USUAL) if row is None else (row.version, msgspec.json.decode(row.scheme, type=Scheme))


def keep_scheme(conn: Connection, exam: ExamId, told: Scheme, who: str, now_ns: int) -> int:
    """Add a version; returns it."""
    version = scheme(conn, exam)[0] + 1
    conn.execute(
        sa.insert(own.exam_scheme).values(
            exam=exam, version=version, scheme=msgspec.json.encode(told).decode(), who=who, at_ns=now_ns
        )
    )
    return version


# --- keys -----------------------------------------------------------------------------------------------------------


class KeyVersion(msgspec.Struct, frozen=True):
    """A key that was or is in force."""

    version: int
    at_ms: int
    void: list[ItemId]
    credited: list[ItemId]


def key_versions(conn: Connection, exam: ExamId) -> list[KeyVersion]:
    """Every version, the oldest first."""
    column = tables.exam_key.c
    rows = conn.execute(sa.select(tables.exam_key).where(column.exam == exam).order_by(column.version))
    return [
        KeyVersion(row.version, row.at_ns // MS, sorted(item for item, ok in _right(row).items() if not ok),
                   msgspec.json.decode(row.credited, type=list[ItemId]))
        for row in rows
    ]  # fmt: skip


def key_of(conn: Connection, exam: ExamId, version: int) -> Key:
    """One version of the key."""
    column = tables.exam_key.c
    row = conn.execute(sa.select(tables.exam_key).where((column.exam == exam) & (column.version == version))).one()
    return Key(row.version, _right(row), msgspec.json.decode(row.credited, type=frozenset[ItemId]))


def _right(row: Any) -> dict[ItemId, tuple[OptionId, ...]]:
    return msgspec.json.decode(row.right_options, type=dict[ItemId, tuple[OptionId, ...]])


def propose(conn: Connection, proposal: Proposal, now_ns: int) -> int:
    """Store a proposal; returns its id."""
    made = conn.execute(
        sa.insert(own.exam_key_proposal).values(
            exam=proposal.exam,
            base_version=proposal.base_version,
            changes=msgspec.json.encode(proposal.changes).decode(),
            void_rule=proposal.void,
            reason=proposal.reason,
            who=proposal.who,
            at_ns=now_ns,
            state=ProposalState.OPEN,
        )
    )
    assert made.inserted_primary_key is not None
    return int(made.inserted_primary_key[0])


def proposals(conn: Connection, exam: ExamId) -> list[Proposal]:
    """All of an exam, the newest first."""
    column = own.exam_key_proposal.c
    rows = conn.execute(sa.select(own.exam_key_proposal).where(column.exam == exam).order_by(column.id.desc()))
    return [
        Proposal(
            id=row.id,
            exam=row.exam,
            base_version=row.base_version,
            changes=msgspec.json.decode(row.changes, type=list[ItemChange]),
            void=VoidRule(row.void_rule),
            reason=row.reason,
            who=row.who,
            at_ms=row.at_ns // MS,
            state=ProposalState(row.state),
            decided_by=row.decided_by,
            decided_ms=None if row.decided_ns is None else row.decided_ns // MS,
            key_version=row.key_version,
        )
        for row in rows
    ]


def decide(
    conn: Connection, proposal: int, state: ProposalState, who: str, now_ns: int, key_version: int | None = None
) -> bool:
    """Settle an open proposal; False when somebody else did."""
    column = own.exam_key_proposal.c
    held = (column.id == proposal) & (column.state == ProposalState.OPEN)
    told = {"state": state, "decided_by": who, "decided_ns": now_ns, "key_version": key_version}
    return conn.execute(sa.update(own.exam_key_proposal).where(held).values(**told)).rowcount == 1


# --- publications ---------------------------------------------------------------------------------------------------

_TOLD = ("version", "key_version", "received", "expected", "provisional", "who")


def publish(conn: Connection, exam: ExamId, frozen: Frozen, who: str, now_ns: int) -> int:
    """Keep what is published now as the next version; returns it."""
    column = own.exam_publication.c
    last = conn.execute(sa.select(sa.func.max(column.version)).where(column.exam == exam)).scalar_one()
    version = (last or 0) + 1
    told = {name: getattr(frozen, name) for name in ("key_version", "received", "expected", "provisional", "digest")}
    conn.execute(
        sa.insert(own.exam_publication).values(
            exam=exam, version=version, who=who, at_ns=now_ns, contents=zlib.compress(frozen.contents), **told
        )
    )
    return version


def publications(conn: Connection, exam: ExamId) -> list[Publication]:
    """Every version, the newest first."""
    column = own.exam_publication.c
    wanted = sa.select(*(column[name] for name in (*_TOLD, "digest", "at_ns"))).where(column.exam == exam)
    rows = conn.execute(wanted.order_by(column.version.desc()))
    return [
        Publication(**{name: getattr(row, name) for name in _TOLD}, digest=row.digest.hex(), at_ms=row.at_ns // MS)
        for row in rows
    ]


def published(conn: Connection, exam: ExamId, version: int) -> bytes:
    """The JSON of a publication."""
    column = own.exam_publication.c
    chosen = (column.exam == exam) & (column.version == version)
    return zlib.decompress(conn.execute(sa.select(column.contents).where(chosen)).scalar_one())
