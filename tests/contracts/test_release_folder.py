"""The copy of a release that is left in a folder, which may refuse or not answer at all."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import msgspec
import pytest
from structlog.testing import capture_logs

from orchestrator.exams.invigilation.board import Board
from orchestrator.exams.model import Action, Exam, Stage
from orchestrator.exams.release import folder as release_folder
from orchestrator.exams.release.folder import ReleaseFolder, write_whole
from orchestrator.exams.sealing import Sealer
from tests.doubles.eventually import eventually
from tests.doubles.exam_conductor import T0, Centre, S, conducting
from tests.doubles.exam_release import Release
from wire.exam_release import read_certificate
from wire.ids import ExamId
from wire.paper import Manifest
from wire.seal import release_digest


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[Centre]:
    async with conducting(tmp_path) as running:
        yield running


class Stick:
    """A mount whose first writers wait until it `answers`, and whose next few `refusals` fail."""

    def __init__(self, *, hangs: int = 0, refusals: int = 0) -> None:
        self.answers = threading.Event()
        self.hangs, self.refusals = hangs, refusals
        self.began = self.ended = 0

    def write(self, file: Path, content: bytes) -> None:
        self.began += 1
        place = self.began
        try:
            if place <= self.hangs:
                self.answers.wait()
            elif place <= self.hangs + self.refusals:
                raise OSError(28, "No space left on device")
            write_whole(file, content)
        finally:
            self.ended += 1

    async def answered(self) -> None:
        """It answers, and every writer is through."""
        self.answers.set()
        await eventually(lambda: self.ended == self.began)


@asynccontextmanager
async def on_stick(
    centre: Centre, place: Path, stick: Stick, *, within_s: float = 0.05, hanging: int = 9
) -> AsyncIterator[ReleaseFolder]:
    """A folder on such a mount, to which the centre's releases are copied step by step; nobody is left waiting."""
    folder = ReleaseFolder(place, sealer(centre), write=stick.write, within_s=within_s, hanging=hanging)
    centre.exams.after_push = folder.note
    try:
        with capture_logs():
            yield folder
    finally:
        await stick.answered()


@asynccontextmanager
async def running(folder: ReleaseFolder) -> AsyncIterator[None]:
    keeping = asyncio.get_running_loop().create_task(folder.run())
    try:
        yield
    finally:
        keeping.cancel()
        await asyncio.wait({keeping})


async def until_written(folder: ReleaseFolder, exam: Exam) -> None:
    for _ in range(1000):
        await folder.step()
        if not folder.trouble(exam.id):
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it was never written")


def sealer(centre: Centre) -> Sealer:
    return Sealer(centre.key, b"r" * 32)


async def armed(centre: Centre) -> Exam:
    return await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)


def everybody_has_the_secret(centre: Centre) -> bool:
    return all(double.release is not None for double in centre.wires.sites.values())


async def test_the_file_appears_at_the_release_and_proves_itself(centre: Centre, tmp_path: Path) -> None:
    hosts = tmp_path / "hosts"
    folder = ReleaseFolder(hosts, sealer(centre))
    centre.exams.after_push = folder.note
    async with running(folder):
        exam = await armed(centre)
        await centre.at(T0 - 61 * S)
        assert not list(hosts.glob("*"))
        await centre.at(T0 - 60 * S)
        file = hosts / f"{exam.id}.json"
        await eventually(file.exists)
        manifest = msgspec.msgpack.decode(exam.manifest or b"", type=Manifest)
        secret, switch = read_certificate(file.read_bytes(), manifest)
        assert secret is not None
        assert (release_digest(secret), switch) == (manifest.release_sha256, None)
        assert list(hosts.iterdir()) == [file]
        assert folder.trouble(exam.id) == ""


async def test_a_folder_that_does_not_answer_holds_no_exam_up(centre: Centre, tmp_path: Path) -> None:
    stick = Stick(hangs=1)
    # So long that nothing here can end by it: whatever waited for the folder would be seen to wait.
    async with on_stick(centre, tmp_path / "hosts", stick, within_s=3600) as folder, running(folder):
        exam = await armed(centre)
        await centre.at(T0 - 60 * S)
        await eventually(lambda: stick.began == 1)
        await centre.at(T0)
        assert (await centre.stage(exam), everybody_has_the_secret(centre)) == (Stage.OPEN, True)
        assert stick.ended == 0


async def test_a_folder_that_does_not_answer_is_tried_again_logged_once_and_told_on_the_board(
    centre: Centre, tmp_path: Path
) -> None:
    stick, hosts = Stick(hangs=2), tmp_path / "hosts"
    async with on_stick(centre, hosts, stick) as folder:
        board = Board(centre.database, centre.clock, centre.exams, centre.wires, centre.register, "boot-1")
        board.release_trouble = folder.trouble
        exam = await armed(centre)
        await centre.at(T0 - 60 * S)
        assert (await board.view(exam.id)).release_trouble == ""
        with capture_logs() as logged:
            await folder.step()
            await folder.step()
            await eventually(lambda: stick.began == 2)
            told = (await board.view(exam.id)).release_trouble.split(" / ")
            assert [len(told), "không trả lời" in told[0], "does not answer" in told[1]] == [2, True, True]
            await until_written(folder, exam)
        assert [line["event"] for line in logged] == ["release_not_written", "release_written_at_last"]
        assert logged[0]["fault"] == "the folder does not answer"
        assert (await board.view(exam.id)).release_trouble == ""
        assert (hosts / f"{exam.id}.json").exists()


async def test_only_so_many_threads_wait_for_a_dead_folder(centre: Centre, tmp_path: Path) -> None:
    stick, hosts = Stick(hangs=9), tmp_path / "hosts"
    async with on_stick(centre, hosts, stick, hanging=2) as folder:
        exam = await armed(centre)
        await centre.at(T0 - 60 * S)
        for _ in range(5):
            await folder.step()
        await eventually(lambda: stick.began == 2)
        assert folder.trouble(exam.id) != ""
        await stick.answered()
        await until_written(folder, exam)
        assert (hosts / f"{exam.id}.json").exists()


async def test_a_writer_that_comes_back_late_leaves_no_older_file_behind(centre: Centre, tmp_path: Path) -> None:
    stick, hosts = Stick(hangs=1), tmp_path / "hosts"
    async with on_stick(centre, hosts, stick) as folder:
        planned = await centre.planned(questions=5, reserve=True, reserve_lead_s=30.0)
        exam = await centre.ordered(planned, Action.SEAL, Action.ARM)
        file = hosts / f"{exam.id}.json"
        await centre.at(T0)
        await folder.step()
        await centre.at(T0 + 100 * S)
        await Release(centre).orders.switch("ann", exam, "lộ đề")
        await until_written(folder, exam)
        reserve = file.read_bytes()
        await stick.answered()
        await eventually(lambda: file.read_bytes() != reserve)
        for _ in range(1000):
            await folder.step()
            if file.read_bytes() == reserve:
                break
            await asyncio.sleep(0.005)
        assert file.read_bytes() == reserve


async def test_a_folder_that_refuses_holds_nobody_up_and_is_tried_again(centre: Centre, tmp_path: Path) -> None:
    stick, hosts = Stick(refusals=2), tmp_path / "hosts"
    async with on_stick(centre, hosts, stick, within_s=3600) as folder:
        exam = await armed(centre)
        with capture_logs() as logged:
            await centre.at(T0)
            assert everybody_has_the_secret(centre)
            await folder.step()
            assert "không ghi được (No space left on device)" in folder.trouble(exam.id)
            await until_written(folder, exam)
        assert stick.ended == 3
        (refused,) = [line for line in logged if line["event"] == "release_not_written"]
        assert (refused["exam"], refused["fault"]) == (exam.id, "it cannot be written (No space left on device)")


async def test_a_file_where_the_folder_should_be_is_told(centre: Centre, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    folder = ReleaseFolder(tmp_path / "file" / "hosts", sealer(centre))
    centre.exams.after_push = folder.note
    exam = await armed(centre)
    await centre.at(T0 - 60 * S)
    assert everybody_has_the_secret(centre)
    with capture_logs():
        await folder.step()
    assert "không ghi được" in folder.trouble(exam.id)


async def test_nothing_half_written_is_left_where_a_file_could_not_be_put(tmp_path: Path) -> None:
    (tmp_path / "exam.json").mkdir()
    with pytest.raises(OSError, match=r"exam\.json"):
        write_whole(tmp_path / "exam.json", b"{}")
    assert [file.name for file in tmp_path.iterdir()] == ["exam.json"]


async def test_one_file_that_cannot_be_written_keeps_no_other_back_and_is_forgotten_with_its_exam(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out: dict[str, bytes | None] = {"exam-held": b"1", "exam-free": b"2"}

    def write(file: Path, content: bytes) -> None:
        if file.stem == "exam-held":
            raise PermissionError(13, "Permission denied")
        write_whole(file, content)

    monkeypatch.setattr(release_folder, "certificate", lambda exam, _sealer: out[exam.id])
    folder = ReleaseFolder(tmp_path, cast("Sealer", None), write=write, within_s=3600)
    held, free = (cast("Exam", SimpleNamespace(id=ExamId(one))) for one in out)
    with capture_logs() as logged:
        for exam in (held, free):
            folder.note(exam)
        for _ in range(2):
            await folder.step()
        assert (tmp_path / "exam-free.json").read_bytes() == b"2"
        assert "Permission denied" in folder.trouble(held.id)
        assert folder.trouble(free.id) == ""
        out["exam-held"] = None
        folder.note(held)
        await folder.step()
        assert folder.trouble(held.id) == ""
    assert [line["event"] for line in logged] == ["release_not_written"]
