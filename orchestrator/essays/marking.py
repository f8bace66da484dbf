"""Marking: readings are given out by lot, each marker sees their own only, a third is asked for by itself."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from orchestrator.access.audit import Audit
from orchestrator.access.model import ALLOWED, Action, Person
from orchestrator.clock import Clock
from orchestrator.courses import store as course_store
from orchestrator.errors import Refused
from orchestrator.essays import marking_store as readings
from orchestrator.essays import store
from orchestrator.essays.agreement import Agreement, agreement
from orchestrator.essays.marking_store import Change
from orchestrator.essays.marks import COMMENT_LIMIT, MARKERS, THIRD, Final, Marker, Slot, assign, checked_mark, final
from orchestrator.essays.model import Check, Essay, EssayPlan, Version, counting, late
from orchestrator.essays.service import no_essay
from orchestrator.essays.store import Connection
from orchestrator.essays.vault import Vault
from orchestrator.storage.engine import Database
from orchestrator.web.kit import Identity
from wire.ids import PersonId, SiteId, new_id

MARKING_ROLES = tuple(role for role, may in ALLOWED.items() if Action.ESSAYS_MARK in may)


class Given(msgspec.Struct, frozen=True):
    """What giving readings out came to. ``short``: essays for which too few markers remain; ``waiting``: files that the
    checker has not looked at yet."""

    readings: int
    essays: int
    short: int
    waiting: int


class Task(msgspec.Struct, frozen=True):
    """A reading as its marker sees it: no number, no name, no school. ``others``: the other marks, once both are in."""

    slot: Slot
    essay: Essay
    version: Version
    others: tuple[int, ...]
    final: int | None


class Wish(msgspec.Struct, frozen=True):
    """A mark as a marker gives it; ``reason`` is needed to change one after the other marker's was shown."""

    mark: int | None = None
    scores: tuple[int, ...] = ()
    comment: str = ""
    reason: str = ""


class Outcome(msgspec.Struct, frozen=True):
    """One participant's marks."""

    number: str
    slots: list[Slot]
    final: Final
    late: bool


class Progress(msgspec.Struct, frozen=True):
    """How far marking is."""

    outcomes: list[Outcome]
    agreement: Agreement
    loads: dict[PersonId, tuple[int, int]]
    """Readings that each marker has, and those done."""


class Marking:
    """Readings of all essays."""

    def __init__(self, database: Database, clock: Clock, audit: Audit, vault: Vault) -> None:
        self._database = database
        self._clock = clock
        self._audit = audit
        self._vault = vault

    # --- giving out ----------------------------------------------------------------------------------------------

    async def markers(self, essay_id: str) -> tuple[list[Marker], list[Person]]:
        """Who marks this essay, and everybody who may."""
        return await self._database.read(
            lambda conn: (readings.markers(conn, essay_id), readings.possible_markers(conn, MARKING_ROLES))
        )

    async def name_markers(self, by: str, essay_id: str, named: Sequence[Marker]) -> None:
        """These people mark this essay. Refuses whoever has no right to."""

        def work(conn: Connection) -> None:
            if store.find_essay(conn, essay_id) is None:
                raise no_essay()
            may = {each.id for each in readings.possible_markers(conn, MARKING_ROLES)}
            if any(each.person not in may for each in named) or len({each.person for each in named}) < len(named):
                raise Refused("no_marker", "Có người không được chấm hoặc bị trùng. / Not a marker, or twice.", 422)
            readings.put_markers(conn, essay_id, named)
            self._audit.record(conn, by, "essay.markers", essay_id, str(len(named)))

        await self._database.write(work)

    async def give_out(self, by: str, essay_id: str) -> Given:
        """Two readings of each essay that has none yet, evenly and by lot, and the third ones for which nobody was free
        when they were asked for. Harmless twice: essays that came since are added, what was given out stays."""
        seed = secrets.randbits(64)

        def work(conn: Connection) -> Given:
            essay, homes, chosen, waiting = _markable(conn, essay_id)
            if self._clock.now_ns() <= essay.plan.deadline_ns:
                raise Refused("not_yet", "Chưa hết hạn nộp: bài có thể còn thay. / Essays may still be replaced.", 409)
            had = readings.slots(conn, essay_id)
            made, short = self._spread(conn, essay, homes, chosen, had, MARKERS, seed)
            readings.insert_slots(conn, made)
            third = [
                self._ask_third(conn, essay, number, seed)
                for number, slots in _by_number(had).items()
                if final(essay.plan, slots).third
            ]
            given, lacking = len(made) + sum(third), len(short) + third.count(0)
            told = {"readings": given, "short": lacking, "seed": seed}
            self._audit.record(conn, by, "essay.given_out", essay_id, told)
            return Given(given, len({each.number for each in made}) + sum(third), lacking, waiting)

        return await self._database.write(work)

    def _spread(
        self,
        conn: Connection,
        essay: Essay,
        homes: Mapping[str, SiteId],
        chosen: Mapping[str, Version],
        had: Sequence[Slot],
        wanted: int,
        seed: int,
    ) -> tuple[list[Slot], list[str]]:
        taken: dict[str, list[PersonId]] = {}
        for slot in had:
            taken.setdefault(slot.number, []).append(slot.marker)
        loads = Counter(slot.marker for slot in had)
        given, short = assign(homes, readings.markers(conn, essay.id), loads, taken, wanted, seed)
        now = self._clock.now_ns()
        made = [
            Slot(new_id("reading"), essay.id, number, len(taken.get(number, ())) + at, chosen[number].id, person, now)
            for number, people in given.items()
            for at, person in enumerate(people, 1)
        ]
        return made, short

    # --- marking -------------------------------------------------------------------------------------------------

    async def tasks(self, who: Identity) -> list[Task]:
        """Everything that one marker reads or read."""

        def work(conn: Connection) -> list[Task]:
            mine = readings.slots_of(conn, who.person)
            return [_task(conn, slot) for slot in mine]

        return await self._database.read(work)

    async def task(self, who: Identity, marking: str) -> tuple[Task, str]:
        """One reading with the text of the essay; refuses ``no_reading`` for anybody else's."""
        task = await self._database.read(lambda conn: _task(conn, _own(conn, who, marking)))
        return task, self._vault.text(task.version.digest)

    async def file(self, who: Identity, marking: str) -> tuple[Version, Path]:
        """The file of a reading."""
        task = await self._database.read(lambda conn: _task(conn, _own(conn, who, marking)))
        return task.version, self._vault.file(task.version.digest)

    async def mark(self, who: Identity, marking: str, wish: Wish) -> Task:
        """Give or change a mark. When two marks are too far apart a third reading is given out in the same moment."""
        seed, now = secrets.randbits(64), self._clock.now_ns()
        if len(wish.comment) > COMMENT_LIMIT or len(wish.reason) > 400:
            raise Refused("too_large", "Nhận xét quá dài. / The comment is too long.", 413)

        def work(conn: Connection) -> Task:
            slot = _own(conn, who, marking)
            before = _task(conn, slot)
            if slot.mark is not None and before.others and not wish.reason.strip():
                raise Refused("reason_needed", "Đã thấy điểm người kia: sửa điểm cần lý do. / A reason is needed.", 422)
            mark = checked_mark(before.essay.plan, wish.mark, wish.scores)
            given = msgspec.structs.replace(slot, mark=mark, scores=wish.scores, comment=wish.comment, marked_ns=now)
            readings.give_mark(conn, given, wish.reason)
            self._audit.record(conn, who.username, "essay.marked", marking, str(mark))
            if final(before.essay.plan, readings.slots(conn, before.essay.id, slot.number)).third:
                self._ask_third(conn, before.essay, slot.number, seed)
            return _task(conn, given)

        return await self._database.write(work)

    def _ask_third(self, conn: Connection, essay: Essay, number: str, seed: int) -> int:
        """How many readings that gave: 0 when nobody is free."""
        had = readings.slots(conn, essay.id, number)
        person = course_store.participant(conn, essay.course, number)
        version = store.find_version(conn, had[0].version)
        if person is None or version is None:
            return 0
        # Loads of all essays' readings, so that third ones are spread too.
        everyone = [each for each in readings.slots(conn, essay.id) if each.number != number]
        made, short = self._spread(
            conn, essay, {number: person.site}, {number: version}, [*everyone, *had], THIRD, seed
        )
        readings.insert_slots(conn, made)
        told = made[0].marker if made else "nobody is free"
        self._audit.record(conn, "diemcau", "essay.third_asked", f"{essay.id}/{number}", told if not short else "short")
        return len(made)

    # --- what it came to -----------------------------------------------------------------------------------------

    async def progress(self, essay_id: str) -> Progress:
        """Every participant's marks, how markers agree, what each has to do."""
        essay, had, versions = await self._database.read(
            lambda conn: (
                store.find_essay(conn, essay_id),
                readings.slots(conn, essay_id),
                store.versions(conn, essay_id),
            )
        )
        if essay is None:
            raise no_essay()
        outcomes = _outcomes(essay.plan, had, versions)
        return Progress(outcomes, _agreement(essay.plan, outcomes), _loads(had))

    async def history(self, essay_id: str, number: str) -> list[Change]:
        """Every mark that was ever given to one participant."""
        return await self._database.read(lambda conn: readings.changes(conn, essay_id, number))


def final_marks(conn: Connection, course: str) -> dict[str, tuple[int | None, bool]]:
    """Per number that handed something in: the final mark in hundredths (None while it is awaited) and lateness."""
    essay = store.essay_of(conn, course)
    if essay is None:
        return {}
    versions = store.versions(conn, essay.id)
    marked = {each.number: each for each in _outcomes(essay.plan, readings.slots(conn, essay.id), versions)}
    told: dict[str, tuple[int | None, bool]] = {}
    for number, counts in _counting(essay.plan, versions).items():
        outcome = marked.get(number)
        told[number] = (outcome.final.mark if outcome else None, late(essay.plan, counts.received_ns))
    return told


def _counting(plan: EssayPlan, versions: Sequence[Version]) -> dict[str, Version]:
    by_number: dict[str, list[Version]] = {}
    for version in versions:
        by_number.setdefault(version.number, []).append(version)
    chosen = {number: counting(plan, each) for number, each in by_number.items()}
    return {number: version for number, version in chosen.items() if version is not None}


def _markable(conn: Connection, essay_id: str) -> tuple[Essay, dict[str, SiteId], dict[str, Version], int]:
    """The essay, whose are to be read and where they are from, which version, how many wait for the checker."""
    essay = store.find_essay(conn, essay_id)
    if essay is None:
        raise no_essay()
    roster = {each.number: each.site for each in course_store.roster(conn, essay.course)}
    chosen = _counting(essay.plan, store.versions(conn, essay_id))
    good = {number: each for number, each in chosen.items() if each.state is Check.GOOD and number in roster}
    return essay, {number: roster[number] for number in good}, good, len(chosen) - len(good)


def _own(conn: Connection, who: Identity, marking: str) -> Slot:
    slot = readings.find_slot(conn, marking)
    if slot is None or slot.marker != who.person:
        raise Refused("no_reading", "Không có bài này trong phần chấm của bạn. / Not yours to mark.", 404)
    return slot


def _task(conn: Connection, slot: Slot) -> Task:
    essay, version = store.find_essay(conn, slot.essay), store.find_version(conn, slot.version)
    assert essay is not None and version is not None, "a reading has its essay and version"  # noqa: PT018
    siblings = readings.slots(conn, slot.essay, slot.number)
    # Blind: nothing of the others before everybody who was asked has marked.
    known = [each for each in siblings if each.id != slot.id]
    shown = slot.mark is not None and all(each.mark is not None for each in siblings)
    others = tuple(each.mark for each in known if each.mark is not None) if shown else ()
    return Task(slot, essay, version, others, final(essay.plan, siblings).mark if shown else None)


def _outcomes(plan: EssayPlan, had: Sequence[Slot], versions: Sequence[Version]) -> list[Outcome]:
    chosen = _counting(plan, versions)
    return [
        Outcome(number, slots, final(plan, slots), number in chosen and late(plan, chosen[number].received_ns))
        for number, slots in sorted(_by_number(had).items())
    ]


def _by_number(slots: Sequence[Slot]) -> dict[str, list[Slot]]:
    found: dict[str, list[Slot]] = {}
    for slot in slots:
        found.setdefault(slot.number, []).append(slot)
    return found


def _agreement(plan: EssayPlan, outcomes: Sequence[Outcome]) -> Agreement:
    pairs = []
    for outcome in outcomes:
        marks = {slot.slot: slot.mark for slot in outcome.slots}
        first, second = marks.get(1), marks.get(2)
        if first is not None and second is not None:
            pairs.append((first, second))
    return agreement(pairs, plan.step, plan.apart)


def _loads(had: Sequence[Slot]) -> dict[PersonId, tuple[int, int]]:
    loads: dict[PersonId, tuple[int, int]] = {}
    for slot in had:
        has, done = loads.get(slot.marker, (0, 0))
        loads[slot.marker] = (has + 1, done + (slot.mark is not None))
    return loads
