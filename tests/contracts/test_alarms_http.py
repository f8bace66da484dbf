"""Alarms over real HTTP and SQL: who may do what, what is written, what is there again after a restart."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from orchestrator.access.audit import Audit
from orchestrator.access.model import Role
from orchestrator.alarms.duty import Taking
from orchestrator.alarms.model import Trouble
from orchestrator.alarms.observing import Seen, Where
from orchestrator.alarms.routes import AlarmPages, routes
from orchestrator.alarms.service import AlarmWatch, Standing
from orchestrator.live.memory import MemoryLeases
from orchestrator.storage.engine import Database
from tests.doubles.centre import Centre, Page, running_centre
from tests.doubles.manual_clock import ManualClock
from wire.ids import SiteId


class Rooms:
    """Forty rooms of one district and forty of another; those in `away` are silent."""

    def __init__(self) -> None:
        self.sites = {SiteId(f"{name}-{number}"): Where("Tỉnh", name) for name in "AB" for number in range(40)}
        self.away: set[SiteId] = set()
        self.down: list[tuple[Trouble, str, int]] = []
        self.known = True

    def seen(self) -> Sequence[Seen] | None:
        return [self._seen(site, where) for site, where in self.sites.items()] if self.known else None

    def _seen(self, site: SiteId, where: Where) -> Seen:
        away = site in self.away
        return Seen(site, where, not away, watching=False, findings=(("late", 2),) if away else ())

    def parts(self) -> list[tuple[Trouble, str, int]]:
        return self.down

    def of(self, name: str) -> set[SiteId]:
        return {site for site, where in self.sites.items() if where.district == name}


class Alarmed:
    """A centre of alarms whose time a test moves."""

    def __init__(self, database: Database, clock: ManualClock, rooms: Rooms) -> None:
        self.database, self.clock, self.rooms = database, clock, rooms
        self.leases = MemoryLeases()
        self.shown: list[Standing] = []
        self.watch = self.started("one")
        self.centre: Centre

    def started(self, owner: str) -> AlarmWatch:
        """A process of the centre that has just started."""
        watch = AlarmWatch(self.database, self.clock, self.leases, Audit(self.clock), self.rooms, owner)
        watch.show = self.shown.append
        return watch

    async def run(self, seconds: int) -> None:
        for _ in range(seconds):
            self.clock.advance(1)
            await self.watch.look()

    async def lose_a_district(self) -> str:
        """The alarm's id."""
        await self.run(61)
        self.rooms.away = self.rooms.of("A")
        await self.run(12)
        return self.watch.standing().alarms[0].id


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Alarmed]:
    database = await Database.open(f"sqlite:///{folder / 'alarms.sqlite3'}")
    try:
        alarmed = Alarmed(database, ManualClock(), Rooms())
        async with running_centre(folder, routes(AlarmPages(alarmed.watch))) as alarmed.centre:
            for role in (Role.OPERATOR, Role.VIEWER, Role.PLANNER, Role.ADMINISTRATOR):
                await alarmed.centre.person(role)
            yield alarmed
    finally:
        await database.close()


@pytest.fixture
async def alarmed(tmp_path: Path) -> AsyncIterator[Alarmed]:
    async with opened(tmp_path) as made:
        yield made


async def ask(page: Page, path: str = "") -> dict[str, object]:
    status, told = await page.call("GET", f"/api/v1/alarms{path}")
    assert status == 200
    found: dict[str, object] = told
    return found


async def test_a_district_is_one_alarm_for_everybody_who_sees_the_wall(alarmed: Alarmed) -> None:
    await alarmed.lose_a_district()
    async with alarmed.centre.page("viewer") as page:
        told = (await ask(page))["standing"]
        assert isinstance(told, list)
        assert [(each["trouble"], each["scope"], each["name"], len(each["sites"])) for each in told] == [
            ("away", "district", "A", 40)
        ]
        assert len((await ask(page, "?site=A-3"))["standing"]) == 1  # type: ignore[arg-type]
        assert (await ask(page, "?site=B-3")) == {"standing": [], "past": []}


async def test_an_operator_takes_an_alarm_and_the_wall_shows_it_at_once(alarmed: Alarmed) -> None:
    alarm = await alarmed.lose_a_district()
    async with alarmed.centre.page("operator") as page:
        wish = {"for_s": 600, "word": "đã gọi VNPT"}
        assert (await page.call("POST", f"/api/v1/alarms/{alarm}/taken", wish))[0] == 200
        taken = alarmed.shown[-1].alarms[0].acknowledged
        assert taken is not None
        assert (taken.by, taken.name, taken.word) == ("operator", "Operator", "đã gọi VNPT")
        assert (await page.call("DELETE", f"/api/v1/alarms/{alarm}/taken"))[0] == 200
        assert alarmed.shown[-1].alarms[0].acknowledged is None
        assert (await page.call("DELETE", f"/api/v1/alarms/{alarm}/taken"))[1]["code"] == "nobody_has_it"
        assert (await page.call("POST", "/api/v1/alarms/alarm-no/taken", {}))[1]["code"] == "no_alarm"


async def test_who_only_looks_takes_nothing_and_only_an_administrator_rules(alarmed: Alarmed) -> None:
    alarm = await alarmed.lose_a_district()
    async with alarmed.centre.page("viewer") as page:
        assert (await page.call("POST", f"/api/v1/alarms/{alarm}/taken", {}))[0] == 403
        assert (await page.call("POST", "/api/v1/alarms/works", {}))[0] == 403
    async with alarmed.centre.page("planner") as page:
        assert (await page.call("PUT", "/api/v1/alarms/rules", {}))[0] == 403


async def test_what_stands_is_there_again_after_a_restart_with_who_has_it(alarmed: Alarmed) -> None:
    alarm = await alarmed.lose_a_district()
    await alarmed.watch.acknowledge("ha", "Hà", alarm, Taking(3600, sticky=True))
    before = alarmed.watch.standing().alarms
    alarmed.leases = MemoryLeases()
    alarmed.watch = alarmed.started("two")
    await alarmed.run(100)
    assert alarmed.watch.standing().alarms == before
    alarmed.rooms.away = set()
    await alarmed.run(5)
    assert alarmed.watch.standing().alarms == []
    past = await alarmed.watch.of_site(SiteId("A-3"), 10)
    assert [(each.id, each.cleared_ns is not None, each.most) for each in past] == [(alarm, True, 40)]


async def test_nothing_is_judged_before_the_register_is_read(alarmed: Alarmed) -> None:
    await alarmed.lose_a_district()
    alarmed.rooms.known = False
    alarmed.leases = MemoryLeases()
    alarmed.watch = alarmed.started("two")
    await alarmed.run(5)
    assert len(alarmed.watch.standing().alarms) == 1


async def test_a_second_process_shows_what_the_first_wrote_and_writes_nothing(alarmed: Alarmed) -> None:
    await alarmed.lose_a_district()
    other = alarmed.started("two")
    await other.look()
    assert other.standing().alarms == alarmed.watch.standing().alarms
    log = await alarmed.watch.log(0, 2**62)
    assert [type(each.event).__name__ for each in log.entries] == ["CentreStarted", "Raised"]


async def test_planned_work_holds_alarms_back_until_somebody_ends_it(alarmed: Alarmed) -> None:
    await alarmed.run(61)
    now_ms = alarmed.clock.now_ns() // 1_000_000
    wish = {"scope": "district", "name": "A", "from_ms": now_ms, "until_ms": now_ms + 600_000, "why": "Thay cáp quang"}
    async with alarmed.centre.page("planner") as page:
        status, works = await page.call("POST", "/api/v1/alarms/works", wish)
        assert status == 201
        alarmed.rooms.away = alarmed.rooms.of("A")
        await alarmed.run(30)
        assert alarmed.watch.standing().alarms == []
        _, works = await page.call("GET", "/api/v1/alarms/works")
        assert [(each["why"], len(each["held"])) for each in works] == [("Thay cáp quang", 40)]
        assert (await page.call("POST", f"/api/v1/alarms/works/{works[0]['id']}/end"))[1] == []
        assert (await page.call("POST", f"/api/v1/alarms/works/{works[0]['id']}/end"))[1]["code"] == "no_work"
        await alarmed.run(12)
    assert len(alarmed.watch.standing().alarms) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"scope": "part"}, "bad_scope"),
        ({"name": ""}, "bad_scope"),
        ({"until_ms": 5}, "bad_time"),
        ({"why": " "}, "no_reason"),
    ],
)
async def test_a_window_that_is_none_is_refused(alarmed: Alarmed, change: dict[str, object], code: str) -> None:
    now_ms = alarmed.clock.now_ns() // 1_000_000
    wish = {"scope": "district", "name": "A", "from_ms": now_ms, "until_ms": now_ms + 1000, "why": "Thay cáp"}
    async with alarmed.centre.page("planner") as page:
        assert (await page.call("POST", "/api/v1/alarms/works", wish | change))[1]["code"] == code


async def test_rules_are_data_that_an_administrator_changes(alarmed: Alarmed) -> None:
    await alarmed.run(1)
    async with alarmed.centre.page("administrator") as page:
        _, told = await page.call("GET", "/api/v1/alarms/rules")
        assert told["version"] == 0
        rules = {**told["rules"], "steps": [{"after_min": 1, "severity": 2}]}
        assert (await page.call("PUT", "/api/v1/alarms/rules", {"version": 0, "rules": rules}))[0] == 200
        again = await page.call("PUT", "/api/v1/alarms/rules", {"version": 0, "rules": rules})
        assert again[1]["code"] == "changed_meanwhile"
        wrong = {"version": 1, "rules": {**rules, "keep_share": 0.9}}
        assert (await page.call("PUT", "/api/v1/alarms/rules", wrong))[1]["code"] == "bad_rules"
    await alarmed.lose_a_district()
    await alarmed.run(61)
    assert alarmed.watch.standing().alarms[0].level == 1
    alarmed.leases = MemoryLeases()
    alarmed.watch = alarmed.started("two")
    await alarmed.run(1)
    assert alarmed.watch.standing().version == 1


async def test_a_dead_relay_alarms_and_clears(alarmed: Alarmed) -> None:
    await alarmed.run(61)
    alarmed.rooms.down = [(Trouble.RELAY, "1", 3)]
    await alarmed.run(5)
    assert [each.trouble for each in alarmed.watch.standing().alarms] == [Trouble.RELAY]
    alarmed.rooms.down = []
    await alarmed.run(1)
    assert alarmed.watch.standing().alarms == []
