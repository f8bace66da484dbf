import asyncio

from site_agent.state import SiteName, SiteState, SiteView
from wire.ids import SiteId

VIEW = SiteView(site=SiteName(SiteId("site-a"), "T001", "Trường Tiểu học Kim Đồng"))


async def test_a_change_wakes_whoever_waits_for_it() -> None:
    state = SiteState(VIEW)
    async with asyncio.TaskGroup() as tasks:
        waiting = [tasks.create_task(state.after(0)) for _ in range(3)]
        await asyncio.sleep(0)
        state.put(link="up")
        await asyncio.wait(waiting)
    assert state.view.link == "up"
    assert state.view.site == VIEW.site


async def test_what_is_no_change_wakes_nobody() -> None:
    state = SiteState(VIEW)
    state.put(link="never")
    assert state.version == 0


async def test_one_who_comes_late_does_not_wait() -> None:
    state = SiteState(VIEW)
    state.put(link="up")
    await state.after(0)
