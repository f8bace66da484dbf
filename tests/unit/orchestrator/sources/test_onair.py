"""What the wall says of the source that the rooms see."""

from __future__ import annotations

import pytest

from orchestrator.media.sources.job import State, Told, Way, Why
from orchestrator.media.tokens import Seat
from orchestrator.sources.model import Source
from orchestrator.sources.onair import Shown, Word, shown
from orchestrator.sources.strain import Strain
from wire.ids import SessionId

RUNNING = Told(State.RUNNING, passes=True, published=True)


def source(name: str, way: Way, seat: Seat = Seat.LECTURER, *, wanted: bool = True) -> Source:
    return Source(name, SessionId("session-1"), way, name, seat, "", "", "admin", 0, wanted=wanted)


def test_a_browser_is_named_where_no_source_sends_from_the_seat_on_air() -> None:
    obs = source("OBS", Way.RTMP, wanted=True)
    waiting = {"OBS": Word(Told(State.STOPPED))}
    assert shown([obs], waiting.__getitem__, "lecturer", {Seat.LECTURER}) == Shown("browser")
    assert shown([obs], waiting.__getitem__, "slate", set()) == Shown()


@pytest.mark.parametrize("way", [Way.RTMP, Way.RTSP, Way.SRT, Way.SRT_IN])
def test_the_source_that_sends_from_the_seat_on_air_is_named(way: Way) -> None:
    other = source("other", Way.RTSP, Seat.STANDBY)
    words = {"one": Word(RUNNING), "other": Word(RUNNING)}
    both = {Seat.LECTURER, Seat.STANDBY}
    assert shown([other, source("one", way)], words.__getitem__, "lecturer", both) == Shown(way.value, "one")


@pytest.mark.parametrize(("at_s", "left_s"), [(10.0, 590), (13.2, 590), (561.0, 39), (601.0, 0)])
def test_a_film_says_what_is_left(at_s: float, left_s: int) -> None:
    words = {"Phim": Word(Told(State.RUNNING, passes=True, published=True, at_s=at_s, length_s=600.0))}
    film = source("Phim", Way.FILE, Seat.STANDBY)
    assert shown([film], words.__getitem__, "standby", {Seat.STANDBY}) == Shown("file", "Phim", left_s)


def test_who_should_send_and_does_not_is_in_trouble() -> None:
    camera, obs = source("camera", Way.RTSP), source("obs", Way.SRT_IN)

    def of(one: Source, word: Word, sending: set[Seat]) -> str:
        return shown([one], lambda _: word, "slate", sending).trouble

    assert of(camera, Word(Told(State.FAILED, Why.UNREACHABLE)), set()) == "not_sending"
    assert of(camera, Word(Told(State.FAILED, Why.UNREADABLE)), set()) == "failed"
    assert of(obs, Word(Told(State.STOPPED)), set()) == ""
    assert of(obs, Word(Told(State.STOPPED), came=True), set()) == "not_sending"
    assert of(obs, Word(Told(State.STOPPED), came=True), {Seat.LECTURER}) == ""
    assert of(source("obs", Way.RTMP, wanted=False), Word(Told(State.FAILED, Why.BROKEN)), set()) == ""
    assert of(camera, Word(RUNNING, strained=True), {Seat.LECTURER}) == "overloaded"


def test_converting_is_too_much_when_pictures_are_left_out_or_a_core_is_full() -> None:
    def heard(*words: tuple[float, int, float]) -> bool:
        strain = Strain()
        for at_s, skipped, cpu_s in words:
            strain.hear(Told(State.RUNNING, skipped=skipped, cpu_s=cpu_s), at_s)
        return strain.too_much

    assert not heard((0, 0, 0))
    assert not heard((0, 0, 0), (5, 2, 3), (10, 4, 6))
    assert heard((0, 0, 0), (5, 5, 3), (10, 12, 6))
    assert heard((0, 0, 0), (3, 0, 3), (6, 0, 6))
    assert not heard((0, 90, 50), (1, 0, 0))
    assert not heard((0, 0, 0), (1, 50, 1), (20, 50, 9), (29, 50, 12))
