"""A site turns to the reserve paper, whichever way the order comes, and nothing that was written is lost."""

import contextlib
import time
from pathlib import Path

import msgspec
import pytest

from site_agent.exam.group import JournalRefused
from site_agent.exam.ledger import Opening
from site_agent.exam.protocol import Answers, write_down
from site_agent.exam.vault import VaultRefused
from site_agent.exam.window import Phase
from tests.doubles.centre_time import S
from tests.doubles.eventually import eventually
from tests.doubles.exam_centre import ExamCentre
from tests.doubles.exam_desk import Site, running
from wire.chain import EventKind
from wire.codec import decode_record
from wire.exam_release import ExamSwitched
from wire.ids import ExamId
from wire.messages import ExamCancelled, ExamOpened, ExamSwitch
from wire.seal import release_text


class Page:
    """A page that keeps what it was sent."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def send(self, text: str) -> None:
        self.heard.append(text)


def centre_with_reserve(t0_ns: int) -> ExamCentre:
    return ExamCentre(t0_ns=t0_ns, reserve=True)


async def opened(site: Site, centre: ExamCentre, page: Page) -> None:
    await site.exams.on_plan(centre.exam_plan())
    hall = site.exams.halls[centre.exam]
    await eventually(lambda: not hall.held.missing and not hall.held.spare_missing)
    hall.pages["SBD001"] = page
    await site.exams.on_release(centre.release())
    await eventually(lambda: hall.window.phase is Phase.OPEN)


def items_shown(page: Page) -> str:
    return next(text for text in reversed(page.heard) if '"type":"opened"' in text)


async def test_a_running_paper_gives_way_to_the_reserve_with_its_full_length(tmp_path: Path) -> None:
    centre = centre_with_reserve(time.time_ns() + S // 5)
    page = Page()
    async with running(tmp_path, centre) as site:
        await opened(site, centre, page)
        hall = site.exams.halls[centre.exam]
        await site.exams.on_switch(centre.switch(time.time_ns() + S // 2))
        assert hall.opening is None
        assert hall.card(site.exams.read()).reserve
        assert write_down(Answers(answers=[])) in page.heard
        await eventually(lambda: hall.window.phase is Phase.OPEN)
        assert "dự bị" in items_shown(page)
        assert hall.left_ns("SBD001", site.exams.read()) > (centre.duration_s - 2) * S
        assert site.exams.progress()[0].reserve


async def test_before_t0_the_reserve_opens_at_t0_and_the_papers_secret_is_refused(tmp_path: Path) -> None:
    centre = centre_with_reserve(time.time_ns() + S)
    page = Page()
    async with running(tmp_path, centre) as site:
        await site.exams.on_plan(centre.exam_plan())
        hall = site.exams.halls[centre.exam]
        hall.pages["SBD001"] = page
        await site.exams.on_switch(centre.switch(0))
        with pytest.raises(VaultRefused):
            await site.exams.on_release(centre.release())
        await eventually(lambda: hall.window.phase is Phase.OPEN)
        assert hall.opening is not None
        assert hall.opening.hi_ns >= centre.t0_ns
        assert "dự bị" in items_shown(page)


async def test_a_typed_code_turns_a_site_at_once(tmp_path: Path) -> None:
    centre = centre_with_reserve(time.time_ns() + S // 5)
    async with running(tmp_path, centre) as site:
        page = Page()
        await opened(site, centre, page)
        hall = site.exams.halls[centre.exam]
        assert await site.exams.type_code(centre.exam, release_text(centre.reserve_secret).lower())
        await eventually(lambda: hall.window.phase is Phase.OPEN and hall.held.turned)
        assert "dự bị" in items_shown(page)


async def test_a_disk_that_refuses_for_a_moment_does_not_keep_the_reserve_from_opening(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    centre = centre_with_reserve(time.time_ns() + S // 5)
    async with running(tmp_path, centre) as site:
        page = Page()
        await opened(site, centre, page)
        hall, openings = site.exams.halls[centre.exam], site.exams._openings
        read, refused = openings.of_reserve, 0

        async def refuses_once(exam: ExamId) -> Opening | None:
            nonlocal refused
            refused += 1
            if refused == 1:
                raise JournalRefused("busy", "too much waits")
            return await read(exam)

        monkeypatch.setattr(openings, "of_reserve", refuses_once)
        await site.exams.on_switch(centre.switch(time.time_ns()))
        await eventually(lambda: hall.window.phase is Phase.OPEN and hall.held.turned)
        assert refused >= 2


async def test_an_exam_that_is_cancelled_is_not_sat_whatever_the_disk_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    centre = centre_with_reserve(time.time_ns() + 60 * S)
    async with running(tmp_path, centre) as site:
        await site.exams.on_plan(centre.exam_plan())

        async def full(_exam: ExamId) -> None:
            raise VaultRefused("disk", "no space")

        monkeypatch.setattr(site.exams._vault, "cancel", full)
        with pytest.raises(VaultRefused):
            await site.exams.on_cancelled(ExamCancelled(exam=centre.exam))
        assert site.exams.halls[centre.exam].window.phase is Phase.CANCELLED


async def test_past_the_cap_only_the_reserve_opens(tmp_path: Path) -> None:
    centre = centre_with_reserve(time.time_ns() - 2 * 3600 * S)
    async with running(tmp_path, centre) as site:
        await site.exams.on_plan(centre.exam_plan())
        hall = site.exams.halls[centre.exam]
        await eventually(lambda: hall.window.phase is Phase.MISSED)
        await site.exams.on_release(centre.release())
        assert hall.window.phase is Phase.MISSED
        assert await site.exams.type_code(centre.exam, release_text(centre.reserve_secret))
        await eventually(lambda: hall.window.phase is Phase.OPEN)


async def test_an_exam_that_was_missed_and_then_cancelled_is_opened_by_no_code(tmp_path: Path) -> None:
    centre = centre_with_reserve(time.time_ns() - 2 * 3600 * S)
    async with running(tmp_path, centre) as site:
        await site.exams.on_plan(centre.exam_plan())
        hall = site.exams.halls[centre.exam]
        await eventually(lambda: hall.window.phase is Phase.MISSED)
        await site.exams.on_cancelled(ExamCancelled(exam=centre.exam))
        assert hall.window.phase is Phase.CANCELLED
        with contextlib.suppress(VaultRefused):
            await site.exams.type_code(centre.exam, release_text(centre.reserve_secret))
        assert (hall.window.phase, hall.held.turned) == (Phase.CANCELLED, False)
    async with running(tmp_path, centre) as site:
        hall = site.exams.halls[centre.exam]
        with contextlib.suppress(VaultRefused):
            await site.exams.type_code(centre.exam, release_text(centre.reserve_secret))
        assert (hall.window.phase, hall.held.turned) == (Phase.CANCELLED, False)


async def test_a_switch_that_the_exam_key_did_not_sign_is_refused(tmp_path: Path) -> None:
    centre = centre_with_reserve(time.time_ns() + 60 * S)
    async with running(tmp_path, centre) as site:
        await site.exams.on_plan(centre.exam_plan())
        genuine = centre.switch(0)
        late = msgspec.structs.replace(genuine, opens_ns=centre.t0_ns + 3600 * S)
        wrong = msgspec.structs.replace(genuine, secret=centre.secret)
        for forged in (late, wrong):
            with pytest.raises(VaultRefused):
                await site.exams.on_switch(forged)
        assert not site.exams.halls[centre.exam].held.turned


async def test_an_exam_without_a_reserve_refuses_a_switch(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns() + 60 * S)
    async with running(tmp_path, centre) as site:
        await site.exams.on_plan(centre.exam_plan())
        order = ExamSwitch(exam=centre.exam, secret=centre.secret, opens_ns=0, signature=b"")
        with pytest.raises(VaultRefused):
            await site.exams.on_switch(order)


async def test_a_restart_goes_on_with_the_reserve_and_the_journal_tells_all_of_it(tmp_path: Path) -> None:
    centre = centre_with_reserve(time.time_ns() + S // 5)
    async with running(tmp_path, centre) as site:
        await opened(site, centre, Page())
        await site.exams.on_switch(centre.switch(time.time_ns() + S // 5))
        await eventually(lambda: site.exams.halls[centre.exam].window.phase is Phase.OPEN)
        first = site.exams.halls[centre.exam].opening
    async with running(tmp_path, centre) as site:
        hall = site.exams.halls[centre.exam]
        assert (hall.held.turned, hall.window.phase, hall.opening) == (True, Phase.OPEN, first)
        await site.exams.on_switch(centre.switch(time.time_ns() + 9 * S))
        assert hall.window.phase is Phase.OPEN
        records = [decode_record(body) for _, body in await site.journal.bodies(0, 100)]
        told = [type(record) for record in records if isinstance(record, ExamOpened | ExamSwitched)]
        assert told == [ExamOpened, ExamSwitched, ExamOpened]


async def test_whoever_had_begun_has_the_turn_in_their_chain(tmp_path: Path) -> None:
    centre = centre_with_reserve(time.time_ns() + S // 5)
    page = Page()
    async with running(tmp_path, centre) as site:
        await opened(site, centre, page)
        hall = site.exams.halls[centre.exam]
        await eventually(lambda: hall.sitting("SBD001").length == 0 or hall.sitting("SBD001").opened)
        await site.exams.mark_open(hall, ["SBD001"])
        await site.exams.on_switch(centre.switch(0))
        sitting = hall.sitting("SBD001")
        await eventually(lambda: sitting.turned and sitting.opened)
        kinds = [
            record.kind
            for _, body in await site.journal.bodies(0, 100)
            if hasattr(record := decode_record(body), "kind") and getattr(record, "candidate", "") == "SBD001"
        ]
        assert kinds == [EventKind.OPEN, EventKind.SWITCH, EventKind.OPEN]


async def test_a_site_past_the_cap_sits_the_reserve_with_its_full_length_by_a_typed_code(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns() - 3600 * S, reserve=True)
    page = Page()
    async with running(tmp_path, centre) as site:
        await site.exams.on_plan(centre.exam_plan())
        hall = site.exams.halls[centre.exam]
        await eventually(lambda: hall.window.phase is Phase.MISSED and not hall.held.spare_missing)
        hall.pages["SBD001"] = page
        assert await site.exams.type_code(centre.exam, release_text(centre.reserve_secret))
        await eventually(lambda: hall.window.phase is Phase.OPEN)
        assert "dự bị" in items_shown(page)
        assert hall.left_ns("SBD001", site.exams.read()) > (centre.duration_s - 2) * S
