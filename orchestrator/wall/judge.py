"""From what is known of a site to its tile: one state, and the one reason that matters most. Pure."""

from __future__ import annotations

import msgspec

from orchestrator.media.rungs import RungNow
from orchestrator.presence.model import Presence, PresenceState
from orchestrator.wall.findings import Finding, Word, weighed
from orchestrator.wall.model import AgentView, ClockView, ExamView, Stream, Tile
from wire.health import DISK_LOW_MB, FROZEN, NO_CAMERA, SOUND_DBFS
from wire.ids import ClockState, SiteId
from wire.ladder import PHONE
from wire.messages import Heartbeat

MS = 1_000_000
OUTBOX_DEEP = 2000
"""More records than this wait at a site although its line stands: something holds them up."""
COUNT_SHARE = 0.8
"""A count under this share of the expected head count is worth a word."""
CLOCK_OFF_MS = 60_000.0
"""From here on certificates (TLS), updates and file dates of a computer begin to fail, exam or not."""
CLOCK_GRACE_NS = 30 * 10**9
"""A computer that has just come has not measured the centre's time yet."""
OPEN_GRACE_NS = 5 * 10**9
"""How long after T0 an unopened site is not yet called late."""


class SiteCard(msgspec.Struct, frozen=True):
    """What the wall needs to know of a site that does not change by the second."""

    id: SiteId
    code: str
    name: str
    path: list[str]
    district: str
    level: str
    expected: int
    contact: str
    phone: str
    paired: bool
    revoked: bool
    seen_ns: int | None = None
    """When its computer was last known to be linked, also before the centre's last start."""
    provider: str = ""
    not_ready: bool = False
    """Its readiness says that it cannot hold the day."""


class Headcount(msgspec.Struct, frozen=True):
    """The outcome of the latest roll call of a site's session. ``asked`` while its answer is awaited, ``silent`` when
    none came and nobody told a number."""

    asked: bool = False
    silent: bool = False
    count: int | None = None
    reason: str | None = None
    at_ns: int | None = None
    declared: int | None = None


class Show(msgspec.Struct, frozen=True):
    """The session on a site's screen: ``live`` when pictures should be moving, ``sound`` when somebody speaks (a slate
    is silent)."""

    session: str
    live: bool
    sound: bool = True
    rung: RungNow = RungNow()
    """How much of the lecture the room gets."""


class Sitting(msgspec.Struct, frozen=True):
    """An exam that concerns a site now."""

    exam: str
    state: str
    t0_ns: int
    registered: int


def tile(
    card: SiteCard, presence: Presence, heads: Headcount, show: Show | None, sitting: Sitting | None, now: int
) -> Tile:
    """The tile of one site at ``now``."""
    heartbeat = presence.heartbeat
    stream = _stream(heartbeat, show)
    clock = _clock(heartbeat)
    exam = _exam(heartbeat, sitting)
    state, since_ns = _state(card, presence)
    findings = _findings(card, state, since_ns, heartbeat, heads, show, stream, clock, sitting, exam, now)
    trouble, reason = findings[0] if findings else (0, None)
    return Tile(
        id=card.id,
        code=card.code,
        name=card.name,
        path=card.path,
        district=card.district,
        level=card.level,
        state=state,
        reason=reason,
        trouble=trouble,
        since_ms=since_ns // MS,
        expected=card.expected,
        count=heads.count,
        count_reason=heads.reason,
        declared=heads.declared,
        count_at_ms=heads.at_ns // MS if heads.at_ns is not None else None,
        roll_call=_roll_call(heads),
        stream=stream,
        clock=clock,
        exam=exam,
        session=show.session if show else None,
        contact=card.contact,
        phone=card.phone,
        agent=_agent(heartbeat),
        findings=findings,
    )


def _roll_call(heads: Headcount) -> str | None:
    if heads.asked:
        return "asked"
    if heads.silent:
        return "silent"
    return "received" if heads.at_ns is not None else None


def _state(card: SiteCard, presence: Presence) -> tuple[str, int]:
    """The word for a site and since when. One that was here before the centre started anew is unknown, not new."""
    if card.revoked:
        return "revoked", presence.since_ns
    if not card.paired:
        return "never", presence.since_ns
    if presence.state is PresenceState.NEVER and card.seen_ns is not None:
        return PresenceState.UNKNOWN, card.seen_ns
    return presence.state, presence.since_ns


def _stream(heartbeat: Heartbeat | None, show: Show | None) -> Stream:
    if show is None:
        return Stream()
    if heartbeat is None or heartbeat.screen.session != show.session:
        return _at(show.rung, Stream(state="dark" if show.live else "idle"))
    screen = heartbeat.screen
    return _at(
        show.rung,
        Stream(
            state=screen.state,
            fps=round(screen.fps, 1),
            width=screen.width,
            height=screen.height,
            audio_dbfs=screen.audio_dbfs,
            lost=screen.packets_lost,
            jitter_ms=round(screen.jitter_ms, 1),
            frames=screen.frames_decoded,
            path=screen.path,
        ),
    )


def _at(rung: RungNow, stream: Stream) -> Stream:
    return msgspec.structs.replace(
        stream,
        rung=rung.rung,
        rung_why=rung.why,
        rung_ordered=rung.ordered,
        rung_by=rung.by,
        rung_at_ms=rung.at_ms,
    )


def _clock(heartbeat: Heartbeat | None) -> ClockView:
    if heartbeat is None:
        return ClockView()
    clock = heartbeat.clock
    return ClockView(clock.state, clock.offset_ms, clock.bound_ms)


def _exam(heartbeat: Heartbeat | None, sitting: Sitting | None) -> ExamView | None:
    if sitting is None:
        return None
    progress = next((each for each in heartbeat.exams if each.exam == sitting.exam), None) if heartbeat else None
    if progress is None:
        return ExamView(sitting.exam, "missing", sitting.registered)
    opened, late = progress.opened_hi_ns, None
    if progress.opened_lo_ns is not None and opened is not None:
        late = round(((progress.opened_lo_ns + opened) / 2 - sitting.t0_ns) / MS, 1)
    return ExamView(
        exam=sitting.exam,
        state=progress.state,
        registered=sitting.registered,
        signed_in=progress.signed_in,
        started=progress.started,
        answered=progress.answered,
        handed_in=progress.handed_in,
        opened_ms=opened // MS if opened is not None else None,
        late_ms=late,
    )


def _agent(heartbeat: Heartbeat | None) -> AgentView:
    if heartbeat is None:
        return AgentView()
    return AgentView(
        version=heartbeat.agent_version,
        load=round(heartbeat.load, 2),
        disk_free_mb=heartbeat.disk_free_mb,
        camera=FROZEN if heartbeat.camera.frozen else heartbeat.camera.state,
        outbox=heartbeat.outbox_depth,
    )


def _findings(
    card: SiteCard,
    state: str,
    since_ns: int,
    heartbeat: Heartbeat | None,
    heads: Headcount,
    show: Show | None,
    stream: Stream,
    clock: ClockView,
    sitting: Sitting | None,
    exam: ExamView | None,
    now: int,
) -> list[Finding]:
    wanted = show is not None or (sitting is not None and sitting.state not in {"marked", "published"})
    if state != "online":
        return weighed([ABSENCE[state]], wanted=wanted)
    return weighed(
        [
            *_exam_findings(sitting, exam, clock, now),
            *_clock_findings(heartbeat, now - since_ns),
            *_stream_findings(show, stream),
            *_room_findings(card, heartbeat, heads),
            *([Word.NOT_READY] if card.not_ready and wanted else []),
        ],
        wanted=wanted,
    )


ABSENCE = {
    "revoked": Word.REVOKED,
    "never": Word.NOT_PAIRED,
    "late": Word.LATE,
    "silent": Word.SILENT,
    "unknown": Word.UNKNOWN,
}
"""What it means that a site is not online."""


def _exam_findings(sitting: Sitting | None, exam: ExamView | None, clock: ClockView, now: int) -> list[Word]:
    if sitting is None or exam is None:
        return []
    found: list[Word] = []
    if sitting.state in {"released", "open"} and exam.opened_ms is None and now > sitting.t0_ns + OPEN_GRACE_NS:
        found.append(Word.EXAM_NOT_OPEN)
    if sitting.state in {"armed", "released"}:
        if exam.state == "missing":
            found.append(Word.EXAM_MISSING)
        if clock.state == ClockState.BLIND:
            found.append(Word.CLOCK_BLIND)
        elif clock.state == ClockState.LOOSE:
            found.append(Word.CLOCK_LOOSE)
    return found


def _clock_findings(heartbeat: Heartbeat | None, here_ns: int) -> list[Word]:
    """A computer's own clock, whether an exam waits for it or not; ``here_ns``: how long it has been online."""
    if heartbeat is None:
        return []
    clock = heartbeat.clock
    wrong = clock.offset_ms is not None and abs(clock.offset_ms) >= CLOCK_OFF_MS
    unset = clock.state is ClockState.BLIND and here_ns > CLOCK_GRACE_NS
    return [Word.CLOCK_OFF] if wrong or unset else []


def _stream_findings(show: Show | None, stream: Stream) -> list[Word]:
    if show is None or not show.live:
        return []
    if (stream.rung, stream.rung_ordered) == (PHONE, PHONE):
        return [Word.BY_PHONE]
    silent = stream.audio_dbfs is None or stream.audio_dbfs < SOUND_DBFS
    if stream.state == "playing":
        return [Word.NO_SOUND] if silent and show.sound else []
    if stream.rung == "sound" and not silent:
        return [Word.SOUND_ONLY]
    return [Word.DARK] if stream.state == "dark" else [Word.STALLED]


def _room_findings(card: SiteCard, heartbeat: Heartbeat | None, heads: Headcount) -> list[Word]:
    found: list[Word] = []
    if heads.silent:
        found.append(Word.NOT_ANSWERED)
    elif heads.at_ns is not None and heads.count is None:
        found.append(Word.NOT_COUNTED)
    elif heads.count is not None and heads.count < COUNT_SHARE * card.expected:
        found.append(Word.COUNT_LOW)
    if heartbeat is not None:
        if 0 < heartbeat.disk_free_mb < DISK_LOW_MB:
            found.append(Word.DISK)
        if _camera_fails(heartbeat):
            found.append(Word.CAMERA)
        if heartbeat.outbox_depth > OUTBOX_DEEP:
            found.append(Word.OUTBOX)
    return found


def _camera_fails(heartbeat: Heartbeat) -> bool:
    """A camera that is wanted and gives no picture, or always the same; unplugged, it is absent under its name."""
    camera = heartbeat.camera
    wanted = camera.name not in {"", NO_CAMERA}
    return camera.frozen or camera.state in {"failed", "covered"} or (camera.state == "absent" and wanted)
