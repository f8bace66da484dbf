"""What a person must look at: conflicts, answers that came late or aside, and what was decided on them."""

import asyncio
import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated

import msgspec

from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.exams import answer_store
from orchestrator.exams import store as exam_store
from orchestrator.exams.home import store
from orchestrator.exams.home.settling import Move, Verdict, branch_of, by_number, settle
from orchestrator.exams.home.store import ConflictRow, Decision
from orchestrator.exams.marking import ends_of
from orchestrator.exams.marks import CHOICES, Heard, read_sheet, too_late
from orchestrator.exams.ports import Trail
from orchestrator.exams.sealing import Candidate, SealedPaper, Sealer
from orchestrator.exams.store import Connection
from orchestrator.storage.engine import Database
from wire.chain import EventKind
from wire.ids import ExamId, ItemId, OptionId, SiteId
from wire.messages import ExamEvent
from wire.order import own_paper
from wire.paper import Paper, Shuffle, reserve_code
from wire.unreadable import UNREADABLE

_MS = 1_000_000
MOST_ROWS = 2000
OTHER = "other"
"""Of two that contradict each other: not this one, the other."""


class Wish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A decision: on a conflict by its id, or on an event by its hash in hex. `verdict`: count, void, other; `number`
    is empty for an alarm of no candidate."""

    number: Annotated[str, msgspec.Meta(max_length=40)]
    verdict: str
    reason: Annotated[str, msgspec.Meta(min_length=3, max_length=400)]
    conflict: int | None = None
    hash: Annotated[str, msgspec.Meta(max_length=64)] | None = None


class Said(msgspec.Struct, frozen=True):
    """The newest decision."""

    verdict: str
    who: str
    reason: str
    at_ms: int


class Open(msgspec.Struct, frozen=True):
    """One line for a person. `kind`: a conflict's reason, or late, aside, away, sheet (of somebody who also wrote at a
    desk). `question` is the place on the
    candidate's own paper; `chosen` what this line says, `stands` what counts now, both as letters there."""

    kind: str
    number: str | None
    name: str
    site: SiteId
    at_ms: int | None
    conflict: int | None
    hash: str | None
    question: int | None
    chosen: str
    stands: str
    said: Said | None


class Deciding:
    """`again`: the exam's marks may have changed."""

    def __init__(
        self, database: Database, clock: Clock, trail: Trail, sealer: Sealer, *, again: Callable[[ExamId], None]
    ) -> None:
        self._database = database
        self._clock = clock
        self._trail = trail
        self._sealer = sealer
        self._again = again

    async def lines(self, exam: ExamId) -> list[Open]:
        """Everything that a person should look at, undecided first."""

        def work(conn: Connection) -> _Found:
            planned = exam_store.find(conn, exam)
            if planned is None:
                raise Refused("no_such_exam", "Không có kỳ thi này. / No such exam.", 404)
            people = {person.number: person for person in exam_store.candidates(conn, exam)}
            rows = store.conflicts(conn, exam)
            moves = by_number(store.moves(conn, exam))
            late = store.marked_late(conn, exam)
            wanted = {row.candidate for row in rows} | set(moves) | late | answer_store.with_evidence(conn, exam)
            heard = {number: answer_store.heard_of(conn, exam, number) for number in wanted if number in people}
            ends = ends_of(conn, planned, {number: people[number].site for number in heard}, moves)
            papers = exam_store.papers(conn, exam)
            said = store.decisions(conn, exam)
            return _Found(people, rows, moves, heard, ends, said, papers, planned.plan.shuffle)

        found = await self._database.read(work)
        return await asyncio.to_thread(self._lines, exam, found)

    def _lines(self, exam: ExamId, found: "_Found") -> list[Open]:
        unsealed = {paper.code: self._sealer.unsealed(exam, paper) for paper in found.papers}

        @functools.cache
        def places(person: Candidate) -> _Places:
            own = [unsealed[code] for code in (person.code, reserve_code(person.code)) if code in unsealed]
            return _places([own_paper(one, person.number, found.shuffle) for one in own])

        lines = [_of_conflict(row, found, places) for row in found.rows]
        for number, events in found.heard.items():
            lines += _of_events(number, events, found, places)
        lines.sort(key=lambda line: (line.said is not None, line.number or "", line.at_ms or 0))
        return lines[:MOST_ROWS]

    async def decide(self, by: str, exam: ExamId, wish: Wish) -> None:
        """Keep a decision and mark again. Refuses `bad_verdict` and `nothing_there`."""
        if wish.verdict not in (*Verdict, OTHER) or (wish.conflict is None) == (wish.hash is None):
            raise Refused("bad_verdict", "Quyết định không hợp lệ. / No such decision.")
        now = self._clock.now_ns()

        def work(conn: Connection) -> None:
            heard = answer_store.heard_of(conn, exam, wish.number)
            for conflict, digest, verdict in _rows(conn, exam, wish, heard):
                decision = Decision(wish.number, verdict, by, wish.reason, now, conflict, digest)
                store.insert_decision(conn, exam, decision)
            detail = {"number": wish.number, "verdict": wish.verdict, "reason": wish.reason}
            self._trail.record(conn, by, "exam.decided", exam, detail)

        await self._database.write(work)
        self._again(exam)


class _Found(msgspec.Struct, frozen=True):
    people: dict[str, Candidate]
    rows: list[ConflictRow]
    moves: dict[str, list[Move]]
    heard: dict[str, list[Heard]]
    ends_ns: dict[str, int | None]
    decisions: list[Decision]
    papers: list[SealedPaper]
    shuffle: Shuffle


_Places = dict[ItemId, tuple[int, dict[OptionId, str]]]
"""Place on the paper, and the letter of each option, as the candidate saw them."""
_PlacesOf = Callable[[Candidate], _Places]


def _places(papers: Sequence[Paper]) -> _Places:
    return {
        item.id: (place, {option.id: "ABCDEFGHIJ"[at : at + 1] for at, option in enumerate(item.options)})
        for paper in papers
        for place, item in enumerate(paper.items, 1)
    }


def _rows(
    conn: Connection, exam: ExamId, wish: Wish, heard: Sequence[Heard]
) -> list[tuple[int | None, bytes | None, str]]:
    """What a wish comes to: rows per conflict and per event."""
    if wish.hash is not None:
        digest = bytes.fromhex(wish.hash) if _is_hex(wish.hash) else b""
        named = next((one for one in heard if one.hash == digest), None)
        if named is None:
            raise _nothing_there()
        if named.event.kind is EventKind.SHEET:
            return _of_sheet(heard, named, store.said(conn, exam), stands=wish.verdict == Verdict.COUNT)
        return [(None, digest, Verdict.VOID if wish.verdict == OTHER else wish.verdict)]
    row = next((row for row in store.conflicts(conn, exam) if row.id == wish.conflict), None)
    if row is None or (row.candidate or "") != wish.number:
        raise _nothing_there()
    decided: list[tuple[int | None, bytes | None, str]] = [(row.id, None, wish.verdict)]
    record = _record(row)
    mine = next((one for one in heard if record is not None and one.hash == record.hash), None)
    if mine is None:
        return decided
    rivals = [one for one in heard if one.prev == mine.prev and one.hash != mine.hash] if row.reason == "fork" else []
    mine_stands = wish.verdict == Verdict.COUNT
    branches = [(mine.hash, mine_stands), *((one.hash, not mine_stands) for one in rivals)]
    for first, stands in branches:
        whole = branch_of(heard, first) if row.reason != "page_conflict" else [first]
        # A branch that stands needs no word on each event, only that none is void; a page's second word does.
        verdict = Verdict.COUNT if stands else Verdict.VOID
        decided += [(None, digest, verdict) for digest in whole if not stands or row.reason == "page_conflict"]
    return decided


def _of_sheet(
    heard: Sequence[Heard], sheet: Heard, said: Mapping[bytes, Verdict], *, stands: bool
) -> list[tuple[int | None, bytes | None, str]]:
    """Either the paper sheet or what was written at a desk counts; what an earlier word took away comes back."""
    paper = [one for one in heard if one.enrolment == sheet.enrolment]
    desk = [one for one in heard if one.enrolment != sheet.enrolment and one.event.kind in _AT_DESK]
    away, back = (desk, paper) if stands else (paper, desk)
    words = {one.hash: Verdict.COUNT for one in back if said.get(one.hash) is Verdict.VOID}
    words |= {one.hash: Verdict.VOID for one in away}
    words[sheet.hash] = Verdict.COUNT if stands else Verdict.VOID
    return [(None, digest, verdict) for digest, verdict in words.items()]


def _of_conflict(row: ConflictRow, found: _Found, places: _PlacesOf) -> Open:
    record = _record(row)
    said = next((_said(one) for one in reversed(found.decisions) if one.conflict == row.id), None)
    person = found.people.get(row.candidate or "")
    question, chosen, stands = None, "", ""
    if record is not None and person is not None:
        question, chosen, stands = _differs(found, person, record.item, record.option, places)
    return Open(
        row.reason, row.candidate, person.name if person else "", row.site, record.at_ns // _MS if record else None,
        row.id, record.hash.hex() if record else None, question, chosen, stands, said,
    )  # fmt: skip


def _of_events(number: str, events: Sequence[Heard], found: _Found, places: _PlacesOf) -> list[Open]:
    person = found.people[number]
    said = {one.hash: _said(one) for one in found.decisions if one.hash is not None}
    in_conflict = {record.hash for row in found.rows if (record := _record(row)) is not None}
    settled = settle(events, found.moves.get(number, ()), {})
    # What a site took in good faith and the centre finds too late is for a person too.
    ends_ns = found.ends_ns.get(number)
    late = [one for one in settled.heard if one.event.kind in CHOICES and too_late(one.event, ends_ns)]
    sheets = [one for one in events if one.event.kind is EventKind.SHEET]
    at_desk = sheets and any(one.event.kind in CHOICES and one.enrolment != sheets[0].enrolment for one in events)
    lines = []
    for one in [*settled.aside, *late, *(sheets if at_desk else [])]:
        if one.hash in in_conflict:
            continue
        question, chosen, stands = _differs(found, person, one.event.item, one.event.option, places)
        kind = "late" if one in late else _WORDS.get(one.event.kind, "away")
        lines.append(
            Open(kind, number, person.name, one.site, one.event.at_ns // _MS, None, one.hash.hex(), question, chosen,
                 stands, said.get(one.hash))
        )  # fmt: skip
    return lines


_WORDS = {EventKind.LATE: "late", EventKind.ASIDE: "aside", EventKind.SHEET: "sheet"}
_AT_DESK = CHOICES | {EventKind.HAND_IN}


def _differs(
    found: _Found, person: Candidate, item: ItemId | None, option: OptionId | None, places: _PlacesOf
) -> tuple[int | None, str, str]:
    """Place on the paper, the letter that is in question, and the one that stands."""
    known = places(person)
    if item is None or item not in known:
        return None, "", ""
    said = {one.hash: Verdict(one.verdict) for one in found.decisions if one.hash is not None}
    heard = settle(found.heard.get(person.number, ()), found.moves.get(person.number, ()), said).heard
    place, letters = known[item]
    standing = read_sheet(heard, found.ends_ns.get(person.number)).answers.get(item)
    return place, letters.get(option, "–") if option else "–", letters.get(standing, "–") if standing else "–"


def _record(row: ConflictRow) -> ExamEvent | None:
    try:
        return msgspec.msgpack.decode(row.record, type=ExamEvent)
    except UNREADABLE:
        return None  # an opening, or a head: they belong to no candidate


def _said(one: Decision) -> Said:
    return Said(one.verdict, one.who, one.reason, one.at_ns // _MS)


def _is_hex(text: str) -> bool:
    return len(text) == 64 and set(text) <= set("0123456789abcdef")


def _nothing_there() -> Refused:
    return Refused("nothing_there", "Không có dòng này. / There is no such line.", 404)
