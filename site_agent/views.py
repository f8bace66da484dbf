"""What the centre says about the screen, put into the picture that this computer's pages are told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from site_agent.exam.service import ExamSite
from site_agent.lecture.port import BigScreen, Lecture
from site_agent.link.clock import CentreTime
from site_agent.state import ClockView, ExamView, NoticeView, SiteState
from wire.ids import ExamState, OrderId
from wire.messages import LectureOff, LectureOn, Notice, OrderSeen, RecordingNow

MS = 1_000_000
NOTICES = 5
LOOK_S = 1.0
OVER = frozenset({ExamState.CLOSED, ExamState.CANCELLED})


class ScreenOrders:
    """The lecture and the notices of this room."""

    def __init__(self, state: SiteState, screen: BigScreen, seen: Callable[[OrderSeen], None]) -> None:
        self._state = state
        self._screen = screen
        self._seen = seen

    async def on_lecture(self, order: LectureOn) -> None:
        lecture = Lecture(
            order.session,
            order.stream,
            order.whep_url,
            order.token,
            order.title,
            order.lecturer,
            order.rung,
            order.hotline,
        )
        self._state.put(lecture=lecture)
        self._screen.show(lecture)

    async def on_lecture_off(self, order: LectureOff) -> None:
        """No session means that nothing at all is on for this room."""
        shown = self._state.view.lecture
        if shown is not None and order.session in (None, shown.session):
            self._state.put(lecture=None, recording=False)
            self._screen.show(None)

    async def on_recording(self, order: RecordingNow) -> None:
        """People who are recorded see that they are."""
        self._state.put(recording=order.on)

    async def on_notice(self, order: Notice) -> None:
        """Show a line; a repeat of the same order is harmless."""
        self._seen(OrderSeen(order=OrderId(order.id)))
        show_notice(self._state, NoticeView(order.id, order.text_vi, order.text_en, order.until_ns // MS))


def show_notice(state: SiteState, notice: NoticeView) -> None:
    """Put a line on the big screen; the same one again takes its own place."""
    kept = [each for each in state.view.notices if each.id != notice.id]
    state.put(notices=tuple([*kept, notice][-NOTICES:]))


def take_down(state: SiteState, notice: str) -> None:
    """Take a line off the big screen, if it is there."""
    state.put(notices=tuple(each for each in state.view.notices if each.id != notice))


async def keep_current(
    state: SiteState, time: CentreTime, exams: ExamSite, line_state: Callable[[], str], desk_url: Callable[[], str]
) -> None:
    """Let the picture follow clock, line and exam. Runs until cancelled."""
    while True:
        now_ms = time.now_ns() // MS
        state.put(
            link=line_state(),
            clock=ClockView(time.state, time.bound_ms if time.bound_ms is None else round(time.bound_ms, 1)),
            notices=tuple(each for each in state.view.notices if each.until_ms > now_ms),
            exam=exam_view(exams, desk_url()),
        )
        await asyncio.sleep(LOOK_S)


def exam_view(exams: ExamSite, url: str) -> ExamView | None:
    """The exam that the room is told of: the next or running one; a closed one stays until another comes."""
    halls = sorted(exams.halls.values(), key=lambda hall: hall.held.manifest.t0_ns)
    coming = [hall for hall in halls if hall.progress().state not in OVER]
    hall = coming[0] if coming else halls[-1] if halls else None
    if hall is None or hall.progress().state is ExamState.CANCELLED:
        return None
    manifest = hall.held.manifest
    return ExamView(manifest.title, hall.progress().state, manifest.t0_ns // MS, url)
