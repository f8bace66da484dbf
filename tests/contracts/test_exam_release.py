"""How an exam gets out: moved starts, officers, the public file; over a real SQLite database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from orchestrator.errors import Refused
from orchestrator.exams import release_store, store
from orchestrator.exams.model import Action, Stage
from orchestrator.exams.release.certificates import certificate
from orchestrator.exams.release.safe import SETTLED_NS
from orchestrator.exams.release.sharing import share_text
from tests.doubles.exam_conductor import SITES, T0, Centre, S, conducting
from tests.doubles.exam_release import PEOPLE, Release, by_officers, folder, trail
from wire.ids import ExamState
from wire.messages import ExamProgress
from wire.paper import verify_manifest
from wire.seal import CROCKFORD


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[Centre]:
    async with conducting(tmp_path) as running:
        yield running


# --- another start ------------------------------------------------------------------------------------------------


async def test_a_moved_start_is_a_new_signed_manifest_at_every_site(centre: Centre) -> None:
    release = Release(centre)
    exam = await centre.ordered(await centre.planned(freeze_lead_s=60.0), Action.SEAL, Action.ARM)
    double = centre.wires.sites[SITES[0]]
    assert double.manifest is not None
    assert double.manifest.version == 1
    moved = await release.orders.move("ann", exam, (T0 + 900 * S) // 1_000_000, "bão số 5")
    assert (moved.t0_ns, double.manifest.t0_ns, double.manifest.version) == (T0 + 900 * S, T0 + 900 * S, 2)
    assert verify_manifest(centre.key.public_key().public_bytes_raw(), moved.manifest or b"", moved.signature or b"")
    await centre.at(T0)
    assert double.release is None
    await centre.at(T0 + 840 * S)
    assert double.release is not None


async def test_an_earlier_start_is_possible_and_too_near_a_one_is_not(centre: Centre) -> None:
    release = Release(centre)
    exam = await centre.ordered(await centre.planned(freeze_lead_s=0.0), Action.SEAL, Action.ARM)
    await release.orders.move("ann", exam, (T0 - 200 * S) // 1_000_000, "")
    with pytest.raises(Refused, match="too_late"):
        await release.orders.move("ann", exam, (centre.clock.ns + 30 * S) // 1_000_000, "")
    await centre.at(T0 - 260 * S)
    assert await centre.stage(exam) is Stage.RELEASED
    with pytest.raises(Refused, match="illegal_step"):
        await release.orders.move("ann", exam, (T0 + 200 * S) // 1_000_000, "")


async def test_within_the_freeze_a_start_moves_only_for_a_reason_that_is_kept(centre: Centre) -> None:
    release = Release(centre)
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    with pytest.raises(Refused, match="frozen"):
        await release.orders.move("ann", exam, (T0 + 900 * S) // 1_000_000, " ")
    await release.orders.move("ann", exam, (T0 + 900 * S) // 1_000_000, "mất điện toàn huyện")
    deeds = await trail(centre)
    assert "exam.freeze_overridden" in deeds
    assert "exam.moved" in deeds


async def test_a_site_that_was_away_gets_the_newest_plan(centre: Centre) -> None:
    release = Release(centre)
    exam = await centre.ordered(await centre.planned(freeze_lead_s=0.0), Action.SEAL, Action.ARM)
    await release.orders.move("ann", exam, (T0 + 900 * S) // 1_000_000, "")
    for _ in range(2):
        await centre.exams.note_progress(SITES[1], [ExamProgress(exam=exam.id, state=ExamState.READY, version=1)])
    sent = centre.wires.kinds(SITES[1]).count("ExamPlan")
    await centre.exams.step()
    assert centre.wires.kinds(SITES[1]).count("ExamPlan") == sent + 1


# --- officers -----------------------------------------------------------------------------------------------------


async def test_two_of_three_officers_release_and_not_before_the_lead(centre: Centre) -> None:
    release = Release(centre)
    exam = await by_officers(centre, release, officers_lead_s=300.0)
    with pytest.raises(Refused, match="too_early"):
        await release.officers.enter("hoa", exam.id, release.text("release", 1))
    await centre.at(T0 - 299 * S)
    first = await release.officers.enter("hoa", exam.id, release.text("release", 3))
    assert (first.officer, first.complete) == ("Cán bộ 3", False)
    again = await release.officers.enter("hoa", exam.id, release.text("release", 3))
    assert not again.complete
    second = await release.officers.enter("binh", exam.id, release.text("release", 1).lower().replace("-", " "))
    assert second.complete
    assert await centre.stage(exam) is Stage.ARMED
    await centre.at(T0 - 60 * S)
    assert all(double.release is not None for double in centre.wires.sites.values())


async def test_a_wrong_share_is_refused_and_named(centre: Centre) -> None:
    release = Release(centre)
    exam = await by_officers(centre, release)
    await centre.at(T0 - 100 * S)
    right = release.text("release", 2)
    typo = right[:-1] + next(sign for sign in CROCKFORD if sign != right[-1])
    with pytest.raises(Refused, match="mistyped"):
        await release.officers.enter("hoa", exam.id, typo)
    with pytest.raises(Refused, match="Cán bộ 2"):
        await release.officers.enter("hoa", exam.id, share_text(b"\x02" + b"x" * 16))
    with pytest.raises(Refused, match="mistyped"):
        await release.officers.enter("hoa", exam.id, share_text(b"\x00" + b"x" * 16))
    state = await release.officers.state(exam.id)
    assert [one.release_ms for one in state.officers] == [None, None, None]


async def test_the_centre_cannot_open_alone_and_no_share_stands_in_its_files(centre: Centre, tmp_path: Path) -> None:
    release = Release(centre)
    exam = await by_officers(centre, release, reserve=True)
    kept = (await centre.exams.exam(exam.id)).release_sealed
    assert kept is None
    await centre.at(T0 - 100 * S)
    await release.officers.enter("hoa", exam.id, release.text("release", 1))
    await centre.at(T0 + 5 * S)
    assert (await centre.stage(exam), centre.wires.sites[SITES[0]].release) == (Stage.OPEN, None)
    assert certificate(await centre.exams.exam(exam.id), release.sealer) is None
    content = b"".join(file.read_bytes() for file in tmp_path.glob("centre.sqlite3*"))
    for shares in release.shares.values():
        for share in shares:
            assert share[1:] not in content
            assert share_text(share).encode() not in content
    await release.officers.enter("binh", exam.id, release.text("release", 2))
    assert centre.wires.sites[SITES[0]].release is not None


async def test_each_slip_is_made_once_and_without_all_of_them_nothing_is_armed(centre: Centre) -> None:
    release = Release(centre)
    exam = await centre.planned(release="officers", officers=PEOPLE)
    exam = await centre.ordered(exam, Action.SEAL)
    with pytest.raises(Refused, match="slips_not_printed"):
        await centre.ordered(exam, Action.ARM)
    await release.handed_out(exam)
    with pytest.raises(Refused, match="no_slip"):
        await release.officers.slip("ann", exam.id, 1)
    await centre.ordered(exam, Action.ARM)


async def test_slips_that_were_not_printed_outlive_a_restart_and_their_keys_go_with_them(centre: Centre) -> None:
    release = Release(centre)
    exam = await centre.planned(release="officers", officers=PEOPLE, questions=5, reserve=True)
    exam = await centre.ordered(exam, Action.SEAL)
    await release.officers.slip("ann", exam.id, 2)
    assert len(list(folder(centre).glob("*.key"))) == 2
    shares = release.shares
    centre.restart()
    release = Release(centre)
    release.shares = shares
    assert [one.slip_waits for one in (await release.officers.state(exam.id)).officers] == [True, False, True]
    for place in (1, 3):
        assert (await release.officers.slip("ann", exam.id, place)).startswith(b"%PDF")
    assert not list(folder(centre).iterdir())
    assert await centre.database.read(lambda conn: release_store.slips(conn, exam.id)) == {}
    await centre.ordered(exam, Action.ARM)
    await centre.at(T0 - 100 * S)
    for place in (1, 3):
        entered = await release.officers.enter("hoa", exam.id, release.text("release", place))
    assert entered.complete


async def test_a_copy_of_the_database_alone_gives_no_share_even_before_the_slips(
    centre: Centre, tmp_path: Path
) -> None:
    release = Release(centre)
    exam = await centre.planned(release="officers", officers=PEOPLE, questions=5)
    exam = await centre.ordered(exam, Action.SEAL)
    content = b"".join(file.read_bytes() for file in tmp_path.glob("centre.sqlite3*"))
    assert all(share[1:] not in content for share in release.shares["release"])
    for key in folder(centre).iterdir():
        key.unlink()
    with pytest.raises(Refused, match="no_slip"):
        await release.officers.slip("ann", exam.id, 1)


async def test_keys_that_nobody_waits_for_are_swept_away(centre: Centre) -> None:
    release = Release(centre)
    exam = await centre.planned(release="officers", officers=PEOPLE, questions=5)
    exam = await centre.ordered(exam, Action.SEAL)
    written_ns = max(file.stat().st_mtime_ns for file in folder(centre).iterdir())
    centre.clock.ns = written_ns + SETTLED_NS + S
    await release.officers.sweep()
    assert len(list(folder(centre).iterdir())) == 3
    await centre.ordered(exam, Action.CANCEL)
    await release.officers.sweep()
    assert not list(folder(centre).iterdir())


async def test_officers_entered_shares_outlive_the_centre(centre: Centre) -> None:
    release = Release(centre)
    exam = await by_officers(centre, release)
    await centre.at(T0 - 100 * S)
    await release.officers.enter("hoa", exam.id, release.text("release", 2))
    shares = release.shares
    centre.restart()
    release = Release(centre)
    release.shares = shares
    assert (await release.officers.enter("binh", exam.id, release.text("release", 3))).complete
    await centre.at(T0 - 60 * S)
    assert await centre.stage(exam) is Stage.RELEASED


async def test_a_plan_by_officers_names_three_people(centre: Centre) -> None:
    with pytest.raises(Refused, match="3 người"):
        await centre.planned(release="officers", officers=PEOPLE[:2])


# --- spare sites --------------------------------------------------------------------------------------------------


async def test_spare_sites_are_in_the_package(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(spares=2), Action.SEAL)
    assert len(exam.sites) == 5
    spare = await centre.database.read(lambda conn: store.site_package(conn, exam.id, exam.sites[-1]))
    assert spare is not None
    assert set(spare.wraps) == {"101", "102"}
