"""The reserve paper: when it opens, where, and what counts then; over a real SQLite database."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from orchestrator.access.audit import Audit
from orchestrator.errors import Refused
from orchestrator.exams import release_store, store
from orchestrator.exams.model import Action, Stage
from orchestrator.exams.release.reading import ReleaseReading
from orchestrator.exams.release.single import SingleReserve, Why
from tests.doubles.exam_conductor import SITES, T0, Centre, S, conducting
from tests.doubles.exam_release import Release, by_officers, trail
from wire.exam_release import ExamSwitched
from wire.ids import ClockState, EnrolmentId
from wire.messages import ExamClosed, ExamOpened
from wire.paper import Manifest
from wire.seal import check_release_text, release_digest


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[Centre]:
    async with conducting(tmp_path) as running:
        yield running


async def test_the_reserve_asks_other_questions_under_a_secret_of_its_own(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(questions=5, reserve=True), Action.SEAL, Action.ARM)
    papers = {paper.code: Release(centre).sealer.paper(exam.id, paper) for paper in await centre.papers(exam)}
    assert set(papers) == {"101", "102", "R101", "R102"}
    assert not {item.text for item in papers["101"].items} & {item.text for item in papers["R101"].items}
    manifest = msgspec.msgpack.decode(exam.manifest or b"", type=Manifest)
    assert set(manifest.reserve_papers) == {"101", "102"}
    assert manifest.reserve_sha256 not in (b"", manifest.release_sha256)


async def test_a_bank_too_small_for_a_reserve_says_so(centre: Centre) -> None:
    with pytest.raises(Refused, match="too_few_questions"):
        await centre.ordered(await centre.planned(questions=8, reserve=True), Action.SEAL)


async def test_before_the_opening_the_reserve_opens_at_the_same_moment(centre: Centre) -> None:
    release = Release(centre)
    exam = await centre.ordered(await centre.planned(questions=5, reserve=True), Action.SEAL, Action.ARM)
    switched = await release.orders.switch("ann", exam, "nghi lộ đề")
    assert switched.t0_ns == T0
    with pytest.raises(Refused, match="switched"):
        await release.orders.move("ann", exam, (T0 + 900 * S) // 1_000_000, "bão số 5")
    assert centre.wires.sites[SITES[0]].reserve is None
    await centre.at(T0 - 60 * S)
    double = centre.wires.sites[SITES[0]]
    assert (double.release, double.opens_ns) == (None, T0)
    assert double.reserve is not None


async def test_after_the_opening_the_reserve_opens_everywhere_and_alone_counts(centre: Centre) -> None:
    release = Release(centre)
    exam = await centre.ordered(
        await centre.planned(questions=5, reserve=True, reserve_lead_s=30.0), Action.SEAL, Action.ARM
    )
    centre.wires.up.discard(SITES[2])
    await centre.at(T0)
    await centre.at(T0 + 100 * S)
    await centre.record(SITES[0], ExamOpened(exam=exam.id, lo_ns=T0, hi_ns=T0 + S, clock="synced"))  # type: ignore[arg-type]
    switched = await release.orders.switch("ann", exam, "lộ đề")
    opens = T0 + 130 * S
    assert (switched.t0_ns, switched.stage) == (opens, Stage.RELEASED)
    assert [centre.wires.sites[site].opens_ns for site in SITES] == [opens, opens, 0]
    centre.wires.up.add(SITES[2])
    centre.exams.site_linked(SITES[2], resumed=False)
    await centre.at(opens + 5 * S)
    assert centre.wires.kinds(SITES[2]) == ["ExamPlan", "ExamPlan", "ExamSwitch"] or centre.wires.kinds(SITES[2])[
        -2:
    ] == ["ExamPlan", "ExamSwitch"]
    with pytest.raises(Refused, match="switched"):
        await release.orders.switch("ann", exam, "lộ đề")


async def test_a_site_that_turned_has_a_new_window_and_the_old_one_is_kept(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(questions=5, reserve=True), Action.SEAL, Action.ARM)
    await centre.at(T0)
    first = ExamOpened(exam=exam.id, lo_ns=T0, hi_ns=T0 + S, clock=ClockState.SYNCED)
    await centre.record(SITES[0], first)
    turned = ExamSwitched(exam=exam.id, at_ns=T0 + 50 * S, by_code=True)
    for _ in range(2):
        await centre.database.write(
            lambda conn: centre.exams.intake.take_switched(conn, SITES[0], EnrolmentId("e"), 2, turned)
        )
    again = msgspec.structs.replace(first, lo_ns=T0 + 60 * S, hi_ns=T0 + 61 * S)
    await centre.record(SITES[0], again, ExamClosed(exam=exam.id, at_ns=T0 + 361 * S))
    window = (await centre.database.read(lambda conn: store.windows(conn, exam.id)))[0]
    assert (window.opened_lo_ns, window.closed_ns) == (T0 + 60 * S, T0 + 361 * S)
    kept = await centre.database.read(lambda conn: release_store.turned(conn, exam.id))
    assert kept[SITES[0]].by_code


def single(centre: Centre, release: Release) -> SingleReserve:
    trail = Audit(centre.clock)
    return SingleReserve(centre.database, centre.exams, centre.register, centre.clock, trail, release.sealer)


async def test_the_reserve_is_read_out_to_one_late_site_alone_and_only_after_the_cap(centre: Centre) -> None:
    release = Release(centre)
    desk = single(centre, release)
    exam = await centre.ordered(await centre.planned(questions=5, reserve=True), Action.SEAL, Action.ARM)
    await centre.at(T0)
    await centre.record(SITES[1], ExamOpened(exam=exam.id, lo_ns=T0, hi_ns=T0 + S, clock=ClockState.SYNCED))
    await centre.at(T0 + 119 * S)
    with pytest.raises(Refused, match="not_late"):
        await desk.code("ann", exam.id, SITES[0], Why.LATE, "mất điện từ sáng")
    await centre.at(T0 + 120 * S)
    with pytest.raises(Refused, match="not_late"):
        await desk.code("ann", exam.id, SITES[1], Why.LATE, "mất điện từ sáng")
    with pytest.raises(Refused, match="reason_needed"):
        await desk.code("ann", exam.id, SITES[0], Why.LATE, " ")
    told = await desk.code("ann", exam.id, SITES[0], Why.LATE, "mất điện từ sáng")
    manifest = msgspec.msgpack.decode(exam.manifest or b"", type=Manifest)
    assert release_digest(check_release_text(told.code)) == manifest.reserve_sha256
    assert all(double.reserve is None for double in centre.wires.sites.values())
    assert (await centre.exams.exam(exam.id)).releasing.switched_ns is None
    assert (await trail(centre)).count("exam.reserve_code_shown") == 1


async def test_a_spoilt_paper_is_reason_enough_from_the_start_on_and_not_before(centre: Centre) -> None:
    release = Release(centre)
    desk = single(centre, release)
    exam = await centre.ordered(await centre.planned(questions=5, reserve=True), Action.SEAL, Action.ARM)
    await centre.at(T0 - S)
    with pytest.raises(Refused, match="not_now"):
        await desk.code("ann", exam.id, SITES[1], Why.SPOILT, "đề bị chụp lên mạng")
    await centre.at(T0)
    await centre.record(SITES[1], ExamOpened(exam=exam.id, lo_ns=T0, hi_ns=T0 + S, clock=ClockState.SYNCED))
    assert (await desk.code("ann", exam.id, SITES[1], Why.SPOILT, "đề bị chụp lên mạng")).site_code == "DC02"


async def test_the_exam_is_not_over_before_the_site_that_sits_the_reserve_late(centre: Centre) -> None:
    release = Release(centre)
    exam = await centre.ordered(await centre.planned(questions=5, reserve=True), Action.SEAL, Action.ARM)
    await centre.at(T0 + 200 * S)
    for site in SITES[1:]:
        await centre.record(site, ExamClosed(exam=exam.id, at_ns=T0 + 150 * S))
    await single(centre, release).code("ann", exam.id, SITES[0], Why.LATE, "mất điện từ sáng")
    turned = ExamSwitched(exam=exam.id, at_ns=T0 + 240 * S, by_code=True)
    await centre.database.write(
        lambda conn: centre.exams.intake.take_switched(conn, SITES[0], EnrolmentId("e"), 1, turned)
    )
    await centre.at(T0 + 539 * S)
    assert await centre.stage(exam) is Stage.CLOSING
    await centre.record(SITES[0], ExamClosed(exam=exam.id, at_ns=T0 + 540 * S))
    await centre.at(T0 + 541 * S)
    assert await centre.stage(exam) in (Stage.CLOSED, Stage.MARKED)


def reading_of(centre: Centre, release: Release) -> ReleaseReading:
    audit = Audit(centre.clock)
    return ReleaseReading(centre.database, centre.exams, centre.register, centre.clock, audit, release.sealer)


async def test_a_code_that_is_read_out_after_the_latest_opening_is_said_to_open_nothing(centre: Centre) -> None:
    release = Release(centre)
    exam = await centre.ordered(await centre.planned(questions=5, reserve=True), Action.SEAL, Action.ARM)
    reading = reading_of(centre, release)
    for after_s, too_late in ((0, False), (120, False), (121, True)):
        await centre.at(T0 + after_s * S)
        told = await reading.codes("ann", exam.id)
        assert (told.code is not None, told.too_late) == (True, too_late)
    await release.orders.switch("ann", exam, "lộ đề")
    assert not (await reading.codes("ann", exam.id)).too_late


async def test_readiness_names_the_sites_that_turned_by_a_typed_code(centre: Centre) -> None:
    release = Release(centre)
    exam = await centre.ordered(await centre.planned(questions=5, reserve=True), Action.SEAL, Action.ARM)
    await centre.at(T0)
    reading = reading_of(centre, release)
    turned = ExamSwitched(exam=exam.id, at_ns=T0 + S, by_code=True)
    await centre.database.write(
        lambda conn: centre.exams.intake.take_switched(conn, SITES[2], EnrolmentId("e"), 1, turned)
    )
    told = await reading.readiness(exam.id)
    assert (told.switched_ms, told.turned, told.typed) == (None, 1, 1)
    assert [one.site for one in told.sites if one.by_code] == [SITES[2]]


async def test_with_officers_the_reserve_needs_their_shares_too(centre: Centre) -> None:
    release = Release(centre)
    exam = await by_officers(centre, release, reserve=True)
    await centre.at(T0 - 100 * S)
    with pytest.raises(Refused, match="officers_needed"):
        await release.orders.switch("ann", exam, "lộ đề")
    for place in (1, 2):
        entered = await release.officers.enter("hoa", exam.id, release.text("reserve", place))
    assert (entered.kind, entered.complete) == ("reserve", True)
    await release.orders.switch("ann", exam, "lộ đề")
    await centre.at(T0 - 60 * S)
    assert centre.wires.sites[SITES[0]].reserve is not None


async def test_an_opening_that_is_known_better_later_is_narrowed(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    await centre.at(T0)
    wide = ExamOpened(exam=exam.id, lo_ns=0, hi_ns=2**63 - 1, clock=ClockState.BLIND)
    await centre.record(SITES[0], wide)
    better = ExamOpened(exam=exam.id, lo_ns=T0 + S, hi_ns=T0 + 2 * S, clock=ClockState.SYNCED)
    await centre.record(SITES[0], better, better)
    window = (await centre.database.read(lambda conn: store.windows(conn, exam.id)))[0]
    assert (window.opened_lo_ns, window.opened_hi_ns, window.clock) == (T0 + S, T0 + 2 * S, "synced")
