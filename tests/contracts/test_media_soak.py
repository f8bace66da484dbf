"""A soak of a few seconds: the relay alone, real viewers who leave in every way, and what must be as it was."""

from __future__ import annotations

from pathlib import Path

from tests.bench.media_soak import Scene, Soak, film_of, soak, table
from tests.doubles.relay import relay
from tests.doubles.restless import ACTING, LEAVING, Task

PLAN = Soak(minutes=0.1, every_s=0.5, look_s=0.2, lecturer_s=1.5, settle_s=25.0, alike=3, each=1)


async def test_nothing_is_left_of_viewers_who_came_and_went_in_every_way(tmp_path: Path) -> None:
    film = film_of(tmp_path / "film.mkv", seconds=3, size="320x180", kbps=300)
    with relay("--open", "--silence-s", "5", "--connect-s", "5") as one:
        people = Task(one.whep(), "", 4, one.whep("s1-floor"), "", stay_s=(0.2, 0.8), act_s=(0.0, 0.3))
        scene = Scene(one.process.pid, "relay", f"{one.url}/metrics", one.whip(), "", people)
        told = await soak(scene, film, PLAN)
    assert {way for way in (*LEAVING, *ACTING) if not told.did.get(way)} == set(), table(told)
    assert told.lecturers >= 3
    assert [fault for fault in told.faults if "grew" not in fault] == [], table(told)
    assert told.held["start"]['viewers worker="0",stream="s1-lecture"'] == 4
    assert told.held["after"]['sessions worker="0"'] == 0
