"""A tile has one state and the one reason that matters most."""

from __future__ import annotations

import msgspec
import pytest

from orchestrator.media.rungs import RungNow
from orchestrator.presence.model import Presence, PresenceState
from orchestrator.wall.judge import Headcount, Show, SiteCard, Sitting, tile
from orchestrator.wall.model import Tile
from wire.ids import CameraState, ClockState, ExamId, ExamState, ScreenState, SessionId, SiteId
from wire.messages import CameraHealth, ClockHealth, ExamProgress, Heartbeat, ScreenHealth

S = 10**9
NOW = 1_000 * S
SESSION, EXAM = SessionId("session-1"), ExamId("exam-1")
CARD = SiteCard(
    SiteId("site-1"),
    "HP-01",
    "THCS Trần Phú",
    ["Hải Phòng", "Lê Chân"],
    "Lê Chân",
    "thcs",
    20,
    "Cô Hà",
    "0912",
    True,
    False,
)
LIVE = Show(SESSION, live=True)


def beat(
    *,
    screen: ScreenState = ScreenState.PLAYING,
    audio: float | None = -20.0,
    clock: ClockState = ClockState.SYNCED,
    camera: CameraState = CameraState.WORKING,
    named: str = "",
    disk: int = 9000,
    exams: list[ExamProgress] | None = None,
) -> Heartbeat:
    return Heartbeat(
        at_ns=NOW,
        agent_version="0.1",
        disk_free_mb=disk,
        camera=CameraHealth(state=camera, name=named),
        screen=ScreenHealth(state=screen, audio_dbfs=audio, session=SESSION, fps=15, frames_decoded=99),
        clock=ClockHealth(state=clock, offset_ms=1, bound_ms=2),
        exams=exams or [],
    )


def judged(
    heartbeat: Heartbeat | None,
    *,
    state: PresenceState = PresenceState.ONLINE,
    show: Show | None = LIVE,
    sitting: Sitting | None = None,
    heads: Headcount | None = None,
    card: SiteCard = CARD,
) -> Tile:
    presence = Presence(card.id, state, 0, True, NOW, heartbeat)
    return tile(card, presence, heads or Headcount(), show, sitting, NOW)


def outcome(made: Tile) -> tuple[int, str | None]:
    return made.trouble, made.reason


def test_a_room_that_sees_and_hears_is_fine() -> None:
    assert outcome(judged(beat())) == (0, None)


@pytest.mark.parametrize(
    ("heartbeat", "expected"),
    [
        (beat(screen=ScreenState.DARK), (3, "dark")),
        (beat(screen=ScreenState.STALLED), (2, "stalled")),
        (beat(audio=None), (2, "no_sound")),
        (beat(audio=-75), (2, "no_sound")),
        (beat(disk=100), (2, "disk")),
        (beat(disk=1), (2, "disk")),
        (beat(disk=0), (0, None)),
        (beat(camera=CameraState.COVERED), (1, "camera")),
        (beat(camera=CameraState.ABSENT, named="camera 0"), (1, "camera")),
        (beat(camera=CameraState.ABSENT, named="none"), (0, None)),
        (beat(camera=CameraState.ABSENT), (0, None)),
        (beat(screen=ScreenState.DARK, disk=100), (3, "dark")),
    ],
)
def test_the_worst_finding_names_the_trouble(heartbeat: Heartbeat, expected: tuple[int, str]) -> None:
    assert outcome(judged(heartbeat)) == expected


@pytest.mark.parametrize(
    ("state", "needed", "expected"),
    [
        (PresenceState.LATE, True, (2, "late")),
        (PresenceState.SILENT, True, (3, "silent")),
        (PresenceState.SILENT, False, (2, "silent")),
        (PresenceState.UNKNOWN, True, (3, "unknown")),
    ],
)
def test_absence_is_worse_when_the_room_is_needed(
    state: PresenceState, needed: bool, expected: tuple[int, str]
) -> None:
    assert outcome(judged(beat(), state=state, show=LIVE if needed else None)) == expected


def test_a_screen_on_another_session_is_dark_for_this_one() -> None:
    other = Show(SessionId("session-2"), live=True)
    assert judged(beat(), show=other).stream.state == "dark"


def test_a_site_that_was_never_paired_troubles_only_when_needed() -> None:
    unpaired = SiteCard(**{**{f: getattr(CARD, f) for f in CARD.__struct_fields__}, "paired": False})
    assert outcome(judged(None, card=unpaired, show=None)) == (0, "not_paired")
    assert outcome(judged(None, card=unpaired)) == (2, "not_paired")


def test_a_site_that_was_here_before_the_centre_started_is_unknown_until_it_is_heard() -> None:
    seen = msgspec.structs.replace(CARD, seen_ns=NOW - 60 * S)
    made = tile(seen, Presence(CARD.id), Headcount(), None, None, NOW)
    assert (made.state, made.reason, made.since_ms) == ("unknown", "unknown", (NOW - 60 * S) // 1_000_000)
    assert tile(CARD, Presence(CARD.id), Headcount(), None, None, NOW).state == "never"


def test_a_site_that_has_not_opened_after_t0_is_red() -> None:
    waiting = beat(exams=[ExamProgress(exam=EXAM, state=ExamState.RELEASED)])
    late = Sitting(EXAM, "open", NOW - 6 * S, 5)
    assert outcome(judged(waiting, sitting=late, show=None)) == (3, "exam_not_open")
    just_now = Sitting(EXAM, "open", NOW - 4 * S, 5)
    assert outcome(judged(waiting, sitting=just_now, show=None)) == (0, None)


def test_opening_lateness_is_the_middle_of_the_interval() -> None:
    opened = ExamProgress(
        exam=EXAM, state=ExamState.OPEN, signed_in=5, opened_lo_ns=NOW - S, opened_hi_ns=NOW - S + 20_000_000
    )
    made = judged(beat(exams=[opened]), sitting=Sitting(EXAM, "open", NOW - S, 5), show=None)
    assert made.exam is not None
    assert (made.exam.late_ms, made.exam.signed_in, made.exam.registered) == (10.0, 5, 5)


@pytest.mark.parametrize(("clock", "expected"), [("blind", (2, "clock_blind")), ("loose", (1, "clock_loose"))])
def test_a_bad_clock_matters_most_before_an_exam(clock: str, expected: tuple[int, str]) -> None:
    ready = [ExamProgress(exam=EXAM, state=ExamState.READY)]
    armed = Sitting(EXAM, "armed", NOW + 60 * S, 5)
    heartbeat = beat(clock=ClockState(clock), exams=ready)
    assert outcome(judged(heartbeat, sitting=armed, show=None)) == expected
    otherwise = (1, "clock_off") if clock == "blind" else (0, None)
    assert outcome(judged(heartbeat, show=None)) == otherwise


def test_a_computer_whose_clock_is_wrong_says_so_on_any_day() -> None:
    for off_ms, expected in ((180_000, (1, "clock_off")), (-180_000, (1, "clock_off")), (900, (0, None))):
        wrong = msgspec.structs.replace(beat(), clock=ClockHealth(state=ClockState.SYNCED, offset_ms=off_ms))
        assert outcome(judged(wrong, show=None)) == expected


def test_a_computer_that_has_just_come_need_not_know_the_time_yet() -> None:
    fresh = Presence(CARD.id, PresenceState.ONLINE, NOW - 5 * S, True, NOW, beat(clock=ClockState.BLIND))
    assert tile(CARD, fresh, Headcount(), None, None, NOW).reason is None


def test_a_camera_that_repeats_one_picture_is_trouble_under_its_own_name() -> None:
    camera = CameraHealth(state=CameraState.WORKING, name="camera 0", frozen=True)
    made = judged(msgspec.structs.replace(beat(), camera=camera))
    assert (outcome(made), made.agent.camera) == ((1, "camera"), "frozen")


def test_a_room_without_the_papers_is_amber_before_the_exam() -> None:
    assert outcome(judged(beat(), sitting=Sitting(EXAM, "armed", NOW + S, 5), show=None)) == (2, "exam_missing")


def test_a_low_count_and_a_failed_count_are_worth_a_word() -> None:
    assert outcome(judged(beat(), heads=Headcount(count=15, at_ns=1))) == (1, "count_low")
    assert outcome(judged(beat(), heads=Headcount(count=16, at_ns=1))) == (0, None)
    assert outcome(judged(beat(), heads=Headcount(reason="dark", at_ns=1))) == (1, "not_counted")


def test_a_room_that_did_not_answer_the_roll_call_has_a_word_of_its_own() -> None:
    made = judged(beat(), heads=Headcount(silent=True))
    assert (outcome(made), made.roll_call) == ((1, "not_answered"), "silent")
    waiting = judged(beat(), heads=Headcount(asked=True))
    assert (outcome(waiting), waiting.roll_call) == ((0, None), "asked")


def test_a_room_that_is_not_ready_says_so_once_a_session_wants_it() -> None:
    card = msgspec.structs.replace(CARD, not_ready=True)
    assert (judged(beat(), card=card).trouble, judged(beat(), card=card).reason) == (1, "not_ready")
    assert judged(beat(), card=card, show=None).reason is None


def test_records_that_pile_up_behind_a_line_that_stands_are_worth_a_word() -> None:
    heartbeat = msgspec.structs.replace(beat(), outbox_depth=5000)
    assert judged(heartbeat).reason == "outbox"
    assert judged(msgspec.structs.replace(heartbeat, outbox_depth=100)).reason is None


def test_a_room_that_hears_without_seeing_is_told_from_a_dark_one() -> None:
    show = Show(SESSION, live=True, rung=RungNow("sound", "weak_line"))
    assert outcome(judged(beat(screen=ScreenState.DARK), show=show)) == (2, "sound_only")
    assert outcome(judged(beat(screen=ScreenState.DARK, audio=None), show=show)) == (3, "dark")
    seen = judged(beat(), show=Show(SESSION, live=True, rung=RungNow("low", "weak_line", "low"))).stream
    assert (seen.rung, seen.rung_why, seen.rung_ordered) == ("low", "weak_line", "low")


def test_a_room_that_telephones_by_order_is_not_dark_but_one_that_has_not_heard_of_it_is() -> None:
    idle = msgspec.structs.replace(beat(screen=ScreenState.IDLE, audio=None))
    obeyed = Show(SESSION, live=True, rung=RungNow("phone", "ordered", "phone", "Lan", 7))
    made = judged(idle, show=obeyed)
    assert outcome(made) == (1, "by_phone")
    assert (made.stream.rung_by, made.stream.rung_at_ms) == ("Lan", 7)
    unheard = Show(SESSION, live=True, rung=RungNow("", "", "phone", "Lan", 7))
    assert outcome(judged(beat(screen=ScreenState.DARK, audio=None), show=unheard)) == (3, "dark")
