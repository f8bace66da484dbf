"""A room's screen says that it is recorded, until it is not or the lecture is over."""

from __future__ import annotations

from site_agent.lecture.port import Lecture
from site_agent.state import SiteName, SiteState, SiteView
from site_agent.views import ScreenOrders
from wire.ids import ScreenState, SessionId, SiteId
from wire.messages import LectureOff, ScreenHealth
from wire.recordings import RecordingNow

SESSION = SessionId("session-1")


class Screen:
    """Shows nothing."""

    def show(self, lecture: Lecture | None) -> None:
        pass

    def health(self) -> ScreenHealth:
        return ScreenHealth(state=ScreenState.IDLE)

    async def restart(self) -> bool:
        return True

    @property
    def page_alive(self) -> bool:
        return True

    async def start(self) -> None:
        pass

    async def stop(self) -> None:
        pass


async def test_the_light_follows_the_centre_and_ends_with_the_lecture() -> None:
    state = SiteState(SiteView(site=SiteName(SiteId("site-a"), "T001", "Trường Tiểu học Kim Đồng")))
    orders = ScreenOrders(state, Screen(), lambda _: None)
    state.put(lecture=Lecture(SESSION, "s", "http://127.0.0.1", "t", "Chủ đề", ""))
    await orders.on_recording(RecordingNow(session=SESSION, on=True))
    seen = [state.view.recording]
    await orders.on_recording(RecordingNow(session=SESSION, on=False))
    seen.append(state.view.recording)
    await orders.on_recording(RecordingNow(session=SESSION, on=True))
    await orders.on_lecture_off(LectureOff(session=SESSION))
    assert [*seen, state.view.recording] == [True, False, False]
