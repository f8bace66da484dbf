"""What the alarms are told of a room: once, not what its tile tells already, and what of it hurts nobody now."""

from __future__ import annotations

from typing import Any, cast

import msgspec
import pytest

from orchestrator.alarms.model import Trouble
from orchestrator.app.alarms import AlarmSources
from orchestrator.app.needs import Needs
from orchestrator.app.register import Register
from orchestrator.exams.model import Stage
from orchestrator.media.port import MediaEngine
from orchestrator.presence.model import Presence, PresenceState
from orchestrator.readiness.board import Room, Row, words
from orchestrator.readiness.model import Finding, Grade, Verdict
from orchestrator.sites.service import Sites
from orchestrator.storage.engine import Database
from orchestrator.wall.board import WallBoard
from orchestrator.wall.judge import Headcount, Show, SiteCard, Sitting, tile
from wire.ids import CameraState, ClockState, ExamId, ExamState, ScreenState, SessionId, SiteId
from wire.messages import CameraHealth, ClockHealth, ExamProgress, Heartbeat, ScreenHealth

NOW = 1_000 * 10**9
SITE, EXAM = SiteId("site-1"), ExamId("exam-1")
CARD = SiteCard(SITE, "HP-01", "THCS Trần Phú", ["Tỉnh", "Huyện"], "Huyện", "thcs", 20, "Cô Hà", "0912", True, False)


ROOM = frozenset({SITE})
NOBODY = frozenset[SiteId]()
ALL_DAY = Needs(ROOM, ROOM, NOBODY, NOBODY)
UNNEEDED = Needs(NOBODY, NOBODY, NOBODY, NOBODY)


def sources(
    checks: list[str],
    camera: CameraState = CameraState.WORKING,
    *,
    needed: Needs = ALL_DAY,
    state: PresenceState = PresenceState.ONLINE,
    exam: ExamState | None = None,
) -> AlarmSources:
    """A site whose certificate says no to these checks; ``exam``: how far it is with one."""
    board, register = WallBoard(), Register(cast(Database, None), cast(Sites, None))
    card = msgspec.structs.replace(CARD, not_ready=bool(checks))
    register.cards, register.loaded = {SITE: card}, True
    session = SessionId("session-1")
    beat = Heartbeat(
        at_ns=NOW,
        agent_version="1",
        disk_free_mb=9000,
        camera=CameraHealth(state=camera, name="camera 0"),
        clock=ClockHealth(state=ClockState.SYNCED),
        screen=ScreenHealth(state=ScreenState.PLAYING, audio_dbfs=-20.0, session=session),
        exams=[ExamProgress(exam=EXAM, state=exam)] if exam else [],
    )
    presence = Presence(SITE, state, 0, True, NOW, beat)
    show = Show(session, live=True) if SITE in needed.used else None
    sitting = Sitting(EXAM, Stage.OPEN, NOW, 20) if exam else None
    board.put(tile(card, presence, Headcount(), show, sitting, NOW))
    findings = [Finding(check, "bad", Grade.NO_GO) for check in checks]
    verdict = Verdict.NO_GO if checks else Verdict.GO
    row = Row(
        site=SITE, verdict=verdict, findings=findings, made_ms=None, online=True, starts_ms=None, agent_version="1"
    )
    room = Room(SITE, card.code, card.name, card.district, card.level, card.contact, card.phone)
    board.put_section("readiness", words([(room, row)]))
    return AlarmSources(register, board, cast(MediaEngine, None), list, lambda: needed)


def idle(**room: Any) -> set[Trouble]:
    (seen,) = sources([], **room).seen() or ()
    return set(seen.idle)


@pytest.mark.parametrize(
    ("checks", "camera", "expected"),
    [
        ([], CameraState.WORKING, []),
        (["microphone"], CameraState.WORKING, ["not_ready"]),
        (["paired"], CameraState.WORKING, []),
        # The tile tells of the camera by itself; of the microphone behind it nobody else tells.
        (["camera"], CameraState.FAILED, ["camera"]),
        (["camera", "microphone"], CameraState.FAILED, ["camera", "not_ready"]),
        (["paired", "microphone"], CameraState.WORKING, ["not_ready"]),
    ],
)
def test_every_check_that_says_no_is_looked_at(checks: list[str], camera: CameraState, expected: list[str]) -> None:
    (seen,) = sources(checks, camera).seen() or ()
    assert [word for word, _ in seen.findings] == expected


@pytest.mark.parametrize(("needed", "expected"), [(ALL_DAY, ["not_ready"]), (UNNEEDED, [])])
def test_a_room_need_not_be_ready_while_nobody_wants_it(needed: Needs, expected: list[str]) -> None:
    (seen,) = sources(["microphone"], needed=needed).seen() or ()
    assert [word for word, _ in seen.findings] == expected


def test_a_room_must_be_ready_and_there_before_anything_is_on_its_screen() -> None:
    practice = Needs(ROOM, NOBODY, NOBODY, NOBODY)
    (seen,) = sources(["microphone"], needed=practice).seen() or ()
    assert [word for word, _ in seen.findings] == ["not_ready"]
    (away,) = sources([], needed=practice, state=PresenceState.SILENT).seen() or ()
    assert away.findings == (("silent", 2),)


def test_a_computer_that_is_away_while_nothing_needs_the_room_is_the_mildest_finding() -> None:
    (seen,) = sources([], needed=UNNEEDED, state=PresenceState.SILENT).seen() or ()
    assert seen.findings == (("silent", 1),)
    assert Trouble.AWAY in seen.idle


def test_a_dark_camera_of_a_room_that_nothing_needs_is_found_and_hurts_nobody() -> None:
    (seen,) = sources([], CameraState.COVERED, needed=UNNEEDED).seen() or ()
    assert [word for word, _ in seen.findings] == ["camera"]
    assert Trouble.CAMERA in seen.idle


UNUSED = {Trouble.PICTURE, Trouble.SOUND, Trouble.CAMERA}
UNAWAITED = {*UNUSED, Trouble.AWAY, Trouble.FLAPPING, Trouble.READINESS}


@pytest.mark.parametrize(
    ("needed", "expected"),
    [
        (Needs(ROOM, ROOM, NOBODY, ROOM), set()),
        (Needs(ROOM, NOBODY, NOBODY, ROOM), UNUSED),
        (Needs(NOBODY, NOBODY, NOBODY, ROOM), UNAWAITED),
        (UNNEEDED, {*UNAWAITED, Trouble.EXAM}),
    ],
)
def test_what_hurts_nobody_follows_from_what_needs_the_room(needed: Needs, expected: set[Trouble]) -> None:
    assert idle(needed=needed) == expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [(ExamState.OPEN, set()), (ExamState.CLOSED, UNAWAITED), (ExamState.CANCELLED, UNAWAITED)],
)
def test_an_exam_under_way_needs_a_room_until_its_own_is_over(state: ExamState, expected: set[Trouble]) -> None:
    assert idle(needed=Needs(NOBODY, NOBODY, ROOM, ROOM), exam=state) == expected


def test_people_who_sign_in_are_in_the_room_before_an_exam_that_is_the_second_start() -> None:
    lunch = Needs(ROOM, NOBODY, NOBODY, ROOM)
    assert idle(needed=lunch, exam=ExamState.READY) == UNUSED
    assert idle(needed=lunch, exam=ExamState.SIGN_IN) == set()
