"""An exam from bank to published marks over a real SQLite database, with a clock that the test moves."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import openpyxl
import pytest
import sqlalchemy as sa

from orchestrator.access.audit import Audit
from orchestrator.clock import CentreClock
from orchestrator.errors import Refused
from orchestrator.exams import bank_store, store
from orchestrator.exams.events import ExamMoved
from orchestrator.exams.marks import CandidateState
from orchestrator.exams.model import Action, Stage
from orchestrator.exams.planning import ExamWish
from orchestrator.exams.questions.desk import QuestionDesk
from orchestrator.exams.xlsx import workbook
from orchestrator.storage.engine import Connection
from orchestrator.storage.schema import exams as tables
from tests.doubles.exam_conductor import BANK, SITES, T0, Centre, S, conducting
from wire.ids import ExamState, SiteId
from wire.messages import ExamClosed, ExamProgress
from wire.seal import check_voucher_text, voucher_text


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[Centre]:
    async with conducting(tmp_path) as running:
        yield running


async def test_an_exam_goes_from_the_bank_to_published_marks(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    assert [len(double.roster) for double in centre.wires.sites.values()] == [2, 2, 1]
    assert [entry.code for entry in centre.wires.sites[SITES[0]].roster] == ["101", "102"]
    await centre.at(T0 - 61 * S)
    assert centre.wires.sites[SITES[0]].release is None
    await centre.at(T0 - 60 * S)
    assert all(double.release is not None for double in centre.wires.sites.values())
    await centre.at(T0)
    assert await centre.stage(exam) is Stage.OPEN
    receipts = await centre.sit(exam, SITES[0], {"0001": 8, "0002": 5}, T0 + 300 * S)
    await centre.sit(exam, SITES[1], {"0003": 0}, T0 + 300 * S)
    await centre.at(T0 + 300 * S)
    assert await centre.stage(exam) is Stage.CLOSING
    await centre.sit(exam, SITES[2], {"0005": 7}, T0 + 301 * S)
    await centre.at(T0 + 301 * S)
    assert await centre.stage(exam) is Stage.MARKED
    await centre.ordered(exam, Action.PUBLISH)
    results = await centre.reading.results(exam.id)
    assert {row.number: row.correct for row in results.candidates} == {
        "0001": 8, "0002": 5, "0003": 0, "0004": 0, "0005": 7,
    }  # fmt: skip
    assert {row.number: row.receipt for row in results.candidates if row.number in receipts} == receipts
    assert [row.state for row in results.candidates] == [
        CandidateState.HANDED_IN, CandidateState.HANDED_IN, CandidateState.HANDED_IN, CandidateState.ABSENT,
        CandidateState.HANDED_IN,
    ]  # fmt: skip
    assert (results.provisional, results.received, results.expected, results.maximum) == (False, 5, 5, 8)
    assert [group.name for group in results.places] == ["Bắc Hà", "Sa Pa"]
    assert results.overall.bands == {"xuat_sac": 1, "gioi": 1, "kha": 0, "trung_binh": 1, "yeu": 0, "kem": 1}


async def test_the_workbook_opens_and_keeps_names_as_text(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    await centre.at(T0)
    for site, number in zip(SITES, ("0001", "0003", "0005"), strict=True):
        await centre.sit(exam, site, {number: 4}, T0 + 300 * S)
    await centre.at(T0 + 300 * S)
    book = openpyxl.load_workbook(io.BytesIO(workbook(await centre.reading.results(exam.id))))
    assert book.sheetnames == [
        "Tổng hợp", "Theo địa bàn", "Theo cấp học", "Theo mã đề", "Theo điểm cầu", "Danh sách",
    ]  # fmt: skip
    rows = list(book["Danh sách"].iter_rows())
    assert (rows[0][0].value, rows[4][0].value) == ("DANH SÁCH KẾT QUẢ", "Số báo danh")
    assert (rows[5][1].value, rows[5][1].data_type) == ("=Thí sinh 0001", "s")


async def test_no_key_leaves_the_centre_before_every_site_is_through(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    key = (await centre.database.read(lambda conn: store.newest_key(conn, exam.id))).right
    right = {option for accepted in key.values() for option in accepted}
    await centre.at(T0)
    desk = QuestionDesk(centre.database, centre.clock, Audit(centre.clock))
    said = [content for _, _, content in centre.wires.sent]
    said += [paper.sealed for paper in await centre.papers(exam)]
    said += [
        msgspec.json.encode(reply)
        for reply in (
            await desk.lines(), await centre.reading.every(), await centre.reading.one(exam.id),
            await centre.reading.vouchers("ann", exam.id),
        )
    ]  # fmt: skip
    assert not any(option.encode() in content for option in right for content in said)
    stored = await centre.database.read(bank_store.whole_bank)
    pages = [await desk.page(line.id) for line in await desk.lines() if line.held]
    assert len(pages) == len(key)
    assert all(page.right is None and not page.pinned for page in pages)
    said += [msgspec.json.encode(page) for page in pages]
    assert not any(question.right.encode() in content for question in stored for content in said)
    with pytest.raises(Refused, match="results_not_ready"):
        await centre.reading.results(exam.id)
    # The opened paper lists all options alike: the right one stands in every place.
    papers = {paper.digest: paper.sealed for paper in await centre.papers(exam)}
    opened = [centre.wires.sites[SITES[0]].paper(code, papers.__getitem__) for code in ("101", "102")]
    items = [item for paper in opened for item in paper.items]
    assert len({[option.id in right for option in item.options].index(True) for item in items}) > 1
    assert {msgspec.json.encode(item).count(b"opt-") for item in items} == {4}


async def test_the_centre_may_restart_in_every_stage(centre: Centre) -> None:
    exam = await centre.planned()
    for order in (Action.SEAL, Action.ARM):
        centre.restart()
        await centre.ordered(exam, order)
    for at_ns, stage in ((T0 - 60 * S, Stage.RELEASED), (T0, Stage.OPEN)):
        centre.restart()
        await centre.at(at_ns)
        assert await centre.stage(exam) is stage
    for site, number in zip(SITES, ("0001", "0003", "0005"), strict=True):
        centre.restart()
        await centre.sit(exam, site, {number: 4}, T0 + 300 * S)
    centre.restart()
    await centre.at(T0 + 300 * S)
    assert await centre.stage(exam) is Stage.MARKED
    centre.restart()
    await centre.ordered(exam, Action.PUBLISH)
    centre.restart()
    assert (await centre.reading.results(exam.id)).overall.present == 3


async def test_a_centre_that_was_down_over_the_start_catches_up(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    centre.restart()
    await centre.at(T0 + 20 * S)
    assert await centre.stage(exam) is Stage.OPEN
    assert centre.wires.kinds(SITES[0])[-2:] == ["ExamPlan", "ExamRelease"]


async def test_a_site_that_links_late_gets_plan_and_release_then(centre: Centre) -> None:
    centre.wires.up.discard(SITES[1])
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    await centre.at(T0 + 5 * S)
    assert centre.wires.kinds(SITES[1]) == []
    centre.wires.up.add(SITES[1])
    centre.exams.site_linked(SITES[1], resumed=False)
    await centre.at(T0 + 6 * S)
    assert centre.wires.kinds(SITES[1]) == ["ExamPlan", "ExamRelease"]
    assert {site.code: site.package for site in (await centre.reading.one(exam.id)).sites} == {
        "DC01": "sent", "DC02": "sent", "DC03": "sent",
    }  # fmt: skip


async def test_a_link_that_resumed_is_sent_nothing_twice(centre: Centre) -> None:
    await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    centre.exams.site_linked(SITES[0], resumed=True)
    await centre.exams.step()
    assert centre.wires.kinds(SITES[0]) == ["ExamPlan"]
    centre.exams.site_linked(SITES[0], resumed=False)
    await centre.exams.step()
    assert centre.wires.kinds(SITES[0]) == ["ExamPlan", "ExamPlan"]


async def test_a_full_link_is_tried_again(centre: Centre) -> None:
    centre.wires.full.add(SITES[0])
    await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    await centre.at(T0 - 30 * S)
    assert centre.wires.kinds(SITES[0]) == []
    centre.wires.full.clear()
    await centre.at(T0 - 29 * S)
    assert centre.wires.kinds(SITES[0]) == ["ExamPlan", "ExamRelease"]


async def test_a_package_is_ready_when_the_site_says_that_it_has_the_papers(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    for state, package in ((ExamState.MISSING, "sent"), (ExamState.READY, "ready"), (ExamState.SIGN_IN, "ready")):
        await centre.exams.note_progress(SITES[0], [ExamProgress(exam=exam.id, state=state, signed_in=1)])
        sites = (await centre.reading.one(exam.id)).sites
        assert [site.package for site in sites] == [package, "sent", "sent"]
    assert (sites[0].state, sites[0].signed_in) == ("sign_in", 1)


async def test_a_cancelled_exam_is_called_off_at_every_site(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM, Action.CANCEL)
    assert all(double.cancelled == [exam.id] for double in centre.wires.sites.values())
    await centre.at(T0 + S)
    assert all(double.release is None for double in centre.wires.sites.values())


async def test_a_cancel_that_a_site_does_not_hold_is_sent_again_ever_less_often(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    lacks = [ExamProgress(exam=exam.id, state=ExamState.READY)]
    await centre.exams.note_progress(SITES[0], lacks)
    await centre.ordered(exam, Action.CANCEL)
    sent_at = []
    for word in range(1, 26):
        before = len(centre.wires.sites[SITES[0]].cancelled)
        # Its window obeys from the first time on, its disk does not.
        await centre.exams.note_progress(SITES[0], lacks)
        lacks = [ExamProgress(exam=exam.id, state=ExamState.CANCELLED)]
        await centre.exams.step()
        sent_at += [word] * (len(centre.wires.sites[SITES[0]].cancelled) - before)
    assert sent_at == [1, 2, 4, 8, 16, 24]
    holds = [ExamProgress(exam=exam.id, state=ExamState.CANCELLED, cancelled=True)]
    sent = len(centre.wires.sites[SITES[0]].cancelled)
    for _ in range(10):
        await centre.exams.note_progress(SITES[0], holds)
        await centre.exams.step()
    assert len(centre.wires.sites[SITES[0]].cancelled) == sent
    assert centre.wires.sites[SITES[1]].cancelled == [exam.id]


async def test_the_fault_of_one_exam_does_not_keep_another_from_opening(centre: Centre) -> None:
    broken = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    sound = await centre.ordered(await centre.planned(title="Kỳ thi khác"), Action.SEAL, Action.ARM)
    first, second = sorted((broken, sound), key=lambda exam: exam.id)  # the order in which they are looked at

    def spoil(conn: Connection) -> None:
        conn.execute(sa.update(tables.exam).where(tables.exam.c.id == first.id).values(release_sealed=b"?"))

    await centre.database.write(spoil)
    await centre.at(T0)
    assert await centre.stage(second) is Stage.OPEN


async def test_a_site_that_could_not_keep_what_it_was_sent_is_sent_it_again(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    site = SITES[0]
    await centre.exams.note_progress(site, [])
    await centre.exams.step()
    assert centre.wires.kinds(site) == ["ExamPlan"]
    await centre.exams.note_progress(site, [])
    await centre.exams.step()
    assert centre.wires.kinds(site) == ["ExamPlan"] * 2
    await centre.at(T0 - 60 * S)
    for _ in range(2):
        await centre.exams.note_progress(site, [ExamProgress(exam=exam.id, state=ExamState.SIGN_IN)])
    await centre.exams.step()
    for _ in range(2):
        await centre.exams.note_progress(site, [ExamProgress(exam=exam.id, state=ExamState.RELEASED)])
    await centre.exams.step()
    assert centre.wires.kinds(site) == ["ExamPlan"] * 2 + ["ExamRelease"] * 2


async def test_stages_are_told_on_the_bus(centre: Centre) -> None:
    exam = await centre.planned()
    async with centre.bus.subscribe(ExamMoved) as moves:
        await centre.ordered(exam, Action.SEAL, Action.ARM)
        stages = [(await anext(moves)) for _ in range(2)]
    assert [move.stage for move in stages if isinstance(move, ExamMoved)] == ["sealed", "armed"]


async def test_slips_carry_what_opens_a_seat_and_each_look_is_audited(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    slips = {slip.number: slip for slip in await centre.reading.vouchers("ann", exam.id)}
    assert len({slip.pin for slip in slips.values()}) > 1
    for double in centre.wires.sites.values():
        for entry in double.roster:
            assert slips[entry.number].voucher == voucher_text(entry.voucher_key)
            assert check_voucher_text(slips[entry.number].voucher) == entry.voucher_key
            assert slips[entry.number].paper_code == entry.code
    newest = await centre.database.read(lambda conn: Audit(centre.clock).newest(conn, 1))
    assert (newest[0].who, newest[0].action) == ("ann", "exam.vouchers")


async def test_secrets_rest_encrypted(centre: Centre, tmp_path: Path) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    slips = await centre.reading.vouchers("ann", exam.id)
    await centre.at(T0 - 60 * S)
    release = centre.wires.sites[SITES[0]].release
    assert release is not None
    on_disk = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert release not in on_disk
    assert not any(check_voucher_text(slip.voucher) in on_disk for slip in slips)


@pytest.mark.parametrize(
    ("orders", "code"),
    [
        ([Action.ARM], "illegal_step"),
        ([Action.SEAL, Action.SEAL], "illegal_step"),
        ([Action.CANCEL, Action.SEAL], "illegal_step"),
        ([Action.SEAL, Action.PUBLISH], "illegal_step"),
        ([Action.RELEASE], "not_an_order"),
        ([Action.OPEN], "not_an_order"),
    ],
)
async def test_an_order_out_of_turn_is_refused(centre: Centre, orders: list[Action], code: str) -> None:
    exam = await centre.planned()
    with pytest.raises(Refused) as refused:
        await centre.ordered(exam, *orders)
    assert refused.value.code == code


async def test_an_exam_cannot_be_armed_after_its_start(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL)
    centre.clock.ns = T0
    with pytest.raises(Refused, match="too_late"):
        await centre.ordered(exam, Action.ARM)


async def test_a_bank_that_is_too_small_is_refused(centre: Centre) -> None:
    exam = await centre.planned(questions=13)
    with pytest.raises(Refused, match="too_few_questions"):
        await centre.ordered(exam, Action.SEAL)
    assert await centre.stage(exam) is Stage.DRAFT


async def test_a_site_with_more_candidates_than_a_link_carries_is_named_at_the_seal(centre: Centre) -> None:
    exam = await centre.planned()
    centre.register.crowd = 20_000
    with pytest.raises(Refused, match="DC02 Trường 2") as refused:
        await centre.ordered(exam, Action.SEAL)
    assert (refused.value.code, refused.value.fields["sites"]) == ("roster_too_large", [SITES[1]])
    assert await centre.stage(exam) is Stage.DRAFT
    centre.register.crowd = 500
    assert (await centre.ordered(exam, Action.SEAL)).stage is Stage.SEALED


async def test_an_exam_that_cannot_be_held_is_refused_with_all_its_faults(centre: Centre) -> None:
    wish = ExamWish(" ", 0, 0, 0, codes=0, sites=[SiteId("site-x")], late_cap_s=-1)
    with pytest.raises(Refused) as refused:
        await centre.exams.create("ann", None, wish)
    assert len(json.loads(json.dumps(refused.value.fields["faults"]))) == 8


async def test_the_same_file_twice_brings_each_question_once(centre: Centre) -> None:
    first = await centre.bank.take("ann", BANK.encode() + b"\n\nno answers here", "auto")
    again = await centre.bank.take("ann", BANK.encode(), "auto")
    assert (first.accepted, len(first.refused), again.accepted, len(again.refused)) == (12, 1, 0, 12)
    assert first.refused[0]["line"] == 25


async def test_time_and_the_sites_alone_take_an_armed_exam_to_its_marks(tmp_path: Path) -> None:
    async with conducting(tmp_path) as centre:
        clock = CentreClock()
        centre.restart(clock)
        starts_ms = clock.now_ns() // 1_000_000 + 5_000
        exam = await centre.planned(starts_ms=starts_ms, duration_s=1, release_lead_s=0.2, late_cap_s=1)
        stages: list[str] = []
        async with centre.bus.subscribe(ExamMoved) as moves, asyncio.TaskGroup() as tasks:
            conducted = tasks.create_task(centre.exams.run())
            await centre.ordered(exam, Action.SEAL, Action.ARM)
            async for move in moves:
                assert isinstance(move, ExamMoved)
                stages.append(move.stage)
                if move.stage == "open":
                    for site in SITES:
                        await centre.record(site, ExamClosed(exam=exam.id, at_ns=clock.now_ns()))
                if move.stage == "marked":
                    break
            conducted.cancel()
        assert stages == ["sealed", "armed", "released", "open", "closing", "closed", "marked"]
