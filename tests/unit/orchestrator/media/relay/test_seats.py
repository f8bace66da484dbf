"""Several publishers of one stream: one is on air, and viewers see one continuous run of packets."""

from __future__ import annotations

from itertools import pairwise

from orchestrator.media.port import AirOrder, Want
from orchestrator.media.relay import rtcp
from orchestrator.media.relay.peer import Peer
from orchestrator.media.relay.rtp import Arrival
from orchestrator.media.relay.stats import stats_of
from orchestrator.media.relay.stream import Stream
from orchestrator.media.tokens import Seat
from tests.doubles.stream_room import AUDIO, DELTA, KEY, Lecturer, Notebook, peer, stream_with

FRAME_S = 1 / 30


def air(stream: Stream) -> tuple[Seat | None, str]:
    return stream.shown, stream.why


def seated(stream: Stream, seat: Seat) -> Peer:
    one = peer(publisher=True, seat=seat)
    stream.publisher_ready(one, 0.0)
    return one


class Lecture:
    """A stream with a lecturer and a slate who both send at 30 pictures a second, and one viewer."""

    def __init__(self) -> None:
        self.stream, self.book, self.lecturer = stream_with()
        self.slate = seated(self.stream, Seat.SLATE)
        self.sources = {Seat.LECTURER: Lecturer(1), Seat.SLATE: Lecturer(2, 50_000, Seat.SLATE)}
        self.viewer = peer()
        self.now = 0.0
        self.send(KEY)
        self.stream.viewer_ready(self.viewer, self.now)

    def send(self, payload: bytes = DELTA, *seats: Seat) -> None:
        """The next picture of some or all."""
        self.now += FRAME_S
        for seat in seats or tuple(self.sources):
            if seat in self.stream.seats:
                body = payload + seat.value.encode()
                self.sources[seat].picture(self.stream, self.now, body)
        self.stream.pulse(self.now)

    def run(self, pictures: int, payload: bytes = DELTA, *seats: Seat) -> None:
        for _ in range(pictures):
            self.send(payload, *seats)

    def seen(self) -> list[tuple[int, int, bytes]]:
        return self.book.of(self.viewer)

    def air(self) -> tuple[Seat | None, str]:
        return air(self.stream)

    def order(self, want: Want, *, armed: bool = False, auto_return: bool = False) -> None:
        self.stream.ordered(AirOrder(want, armed, auto_return), self.now)


def continuous(book: Notebook, viewer: Peer) -> bool:
    seen = book.of(viewer)
    steps = {((b[0] - a[0]) & 0xFFFF) for a, b in pairwise(seen)}
    forward = all(0 < (b[1] - a[1]) & 0xFFFFFFFF < 1 << 31 for a, b in pairwise(seen))
    return steps == {1} and forward


def test_only_the_lecturers_packets_go_out_while_a_slate_waits() -> None:
    day = Lecture()
    day.run(30)
    assert all(payload.endswith(b"lecturer") for _, _, payload in day.seen())
    assert day.air() == (Seat.LECTURER, "preferred")


def test_a_silent_lecturer_is_followed_by_the_slate_at_its_keyframe_and_back() -> None:
    day = Lecture()
    day.run(10)
    day.run(33, DELTA, Seat.SLATE)
    assert day.book.asked(day.slate) == 1
    assert day.seen()[-1][2].endswith(b"lecturer")
    day.send(KEY, Seat.SLATE)
    day.run(5, DELTA, Seat.SLATE)
    assert [payload[:2] for _, _, payload in day.seen()[-6:]] == [KEY, *[DELTA] * 5]
    assert day.air() == (Seat.SLATE, "lecturer_silent")
    day.run(3)
    assert day.air()[0] is Seat.SLATE
    day.send(KEY)
    assert day.air()[0] is Seat.LECTURER
    day.run(3)
    assert [payload[2:] for _, _, payload in day.seen()[-8:]] == [b"slate"] * 4 + [b"lecturer"] * 4
    assert continuous(day.book, day.viewer)


def test_a_lecturer_who_leaves_is_followed_without_waiting() -> None:
    day = Lecture()
    day.run(3)
    day.stream.gone(day.lecturer, day.now)
    day.send(KEY)
    assert day.air()[0] is Seat.SLATE


def test_a_lecturer_who_comes_again_does_not_let_the_slate_flash_up() -> None:
    day = Lecture()
    day.run(3)
    again = peer(publisher=True)
    assert day.stream.publisher_ready(again, day.now) is day.lecturer
    day.sources[Seat.LECTURER] = Lecturer(3, 9)
    day.run(20, KEY, Seat.SLATE)
    day.send(KEY)
    day.run(3)
    assert all(payload.endswith(b"lecturer") for _, _, payload in day.seen())
    assert continuous(day.book, day.viewer)


def test_an_ordered_seat_follows_and_falls_back_when_it_does_not_send() -> None:
    day = Lecture()
    day.order(Want.SLATE)
    assert day.book.asked(day.slate) == 1
    day.send(KEY)
    assert day.air() == (Seat.SLATE, "ordered")
    day.run(31, DELTA, Seat.LECTURER)
    day.send(KEY, Seat.LECTURER)
    assert day.air() == (Seat.LECTURER, "ordered_silent")
    day.run(3)
    day.send(KEY)
    assert day.air()[0] is Seat.SLATE
    day.order(Want.AUTO)
    day.send(KEY)
    assert day.air()[0] is Seat.LECTURER
    assert continuous(day.book, day.viewer)


def test_the_standby_takes_part_when_it_is_armed_and_stays_until_it_is_told() -> None:
    day = Lecture()
    seated(day.stream, Seat.STANDBY)
    day.sources[Seat.STANDBY] = Lecturer(4, 777, Seat.STANDBY)
    others = (Seat.STANDBY, Seat.SLATE)
    day.run(33, KEY, *others)
    assert day.air()[0] is Seat.SLATE
    day.order(Want.AUTO, armed=True)
    day.send(KEY, *others)
    assert day.air()[0] is Seat.STANDBY
    day.run(10, KEY)
    assert day.air() == (Seat.STANDBY, "standby_kept")
    day.order(Want.LECTURER, armed=True)
    day.send(KEY)
    assert day.air()[0] is Seat.LECTURER
    day.order(Want.AUTO, armed=True)
    day.send(KEY)
    assert day.air()[0] is Seat.LECTURER
    assert continuous(day.book, day.viewer)


def with_standby() -> tuple[Lecture, Peer]:
    """A lecture with an armed standby that sends, too, and whose keyframes are far apart."""
    day = Lecture()
    standby = seated(day.stream, Seat.STANDBY)
    day.sources[Seat.STANDBY] = Lecturer(4, 777, Seat.STANDBY)
    day.order(Want.AUTO, armed=True)
    day.run(30)
    return day, standby


def test_the_slate_is_shown_until_the_keyframe_of_a_standby_that_gives_none_when_asked() -> None:
    day, standby = with_standby()
    others, began = (Seat.STANDBY, Seat.SLATE), len(day.seen())
    asked = day.book.asked(day.slate)
    day.run(37, DELTA, *others)
    assert day.book.asked(standby) > 0
    assert day.book.asked(day.slate) == asked + 1
    day.send(KEY, Seat.SLATE)
    assert day.air() == (Seat.SLATE, "keyframe_awaited")
    told = stats_of(day.stream, day.now)
    assert (told.air_why, told.air_turns[-1].why) == ("keyframe_awaited", "keyframe_awaited")
    day.run(60, DELTA, *others)
    day.send(KEY, Seat.STANDBY)
    day.run(5, DELTA, *others)
    assert day.air() == (Seat.STANDBY, "lecturer_silent")
    assert [payload[2:] for _, _, payload in day.seen()[began:]] == [b"slate"] * 61 + [b"standby"] * 6
    assert continuous(day.book, day.viewer)


def test_the_slate_does_not_flash_up_before_a_standby_that_follows_when_asked() -> None:
    day, _ = with_standby()
    began = len(day.seen())
    for _ in range(34):
        day.send(DELTA, Seat.STANDBY)
        day.sources[Seat.SLATE].picture(day.stream, day.now, KEY + b"slate")
    day.run(3, KEY, Seat.STANDBY, Seat.SLATE)
    assert [payload[2:] for _, _, payload in day.seen()[began:]] == [b"standby"] * 3


def kept_standby_anew() -> Lecture:
    """An armed standby keeps the air though the lecturer is back; another sits down in its seat, and gives no keyframe
    before the slate is shown."""
    day, _ = with_standby()
    day.run(34, KEY, Seat.STANDBY, Seat.SLATE)
    day.run(10, KEY)
    assert day.air() == (Seat.STANDBY, "standby_kept")
    seated(day.stream, Seat.STANDBY)
    day.sources[Seat.STANDBY] = Lecturer(5, 888, Seat.STANDBY)
    for _ in range(40):
        day.send(DELTA, Seat.STANDBY)
        for seat in (Seat.LECTURER, Seat.SLATE):
            day.sources[seat].picture(day.stream, day.now, KEY + seat.value.encode())
    assert day.air() == (Seat.SLATE, "keyframe_awaited")
    return day


def test_a_standby_that_is_kept_is_kept_too_while_the_slate_fills_the_time_until_its_keyframe() -> None:
    day = kept_standby_anew()
    day.run(10, KEY, Seat.LECTURER, Seat.SLATE)
    assert day.air()[0] is Seat.SLATE
    day.send(KEY)
    assert day.air() == (Seat.STANDBY, "standby_kept")
    assert continuous(day.book, day.viewer)


def test_a_slate_that_has_nobody_to_fill_the_time_for_any_more_is_followed_by_the_lecturer() -> None:
    day = kept_standby_anew()
    day.run(33, KEY, Seat.SLATE)
    assert day.air() == (Seat.SLATE, "lecturer_silent")
    day.run(2, KEY)
    assert day.air() == (Seat.LECTURER, "preferred")


def test_a_lecturer_who_speaks_again_before_the_standbys_keyframe_is_not_covered_by_the_slate() -> None:
    day, _ = with_standby()
    day.run(38, DELTA, Seat.STANDBY, Seat.SLATE)
    day.run(3, DELTA)
    day.run(3, KEY, Seat.STANDBY, Seat.SLATE)
    assert day.air() == (Seat.LECTURER, "preferred")
    day.send(DELTA)
    assert day.seen()[-1][2].endswith(b"lecturer")


def test_who_sends_again_needs_no_keyframe_when_nobody_else_was_on_air() -> None:
    stream, book, _ = stream_with()
    lecturer, viewer = Lecturer(1), peer()
    lecturer.picture(stream, 0.0, KEY)
    stream.viewer_ready(viewer, 0.0)
    stream.pulse(5.0)
    assert air(stream) == (None, "nobody_sends")
    lecturer.picture(stream, 5.1, DELTA)
    assert air(stream)[0] is Seat.LECTURER
    assert [payload for _, _, payload in book.of(viewer)] == [KEY, DELTA]


def test_packets_of_a_keyframe_before_the_one_that_tells_are_not_lost() -> None:
    stream, book, publisher = stream_with()
    viewer = peer()
    stream.viewer_ready(viewer, 0.0)
    for sequence, body in ((1, b"\x09\x10"), (2, KEY), (3, b"\x01")):
        stream.incoming(publisher, Arrival(102, 0, sequence, 500, 7, body), "video", 0.0)
    assert [payload for _, _, payload in book.of(viewer)] == [b"\x09\x10", KEY, b"\x01"]


def test_sound_follows_with_the_picture() -> None:
    day = Lecture()

    def speak(who: Peer, ssrc: int, sequence: int) -> None:
        day.stream.incoming(who, Arrival(AUDIO, 0, sequence, sequence * 960, ssrc, b"%d" % ssrc), "audio", day.now)

    for n in range(3):
        speak(day.lecturer, 11, n)
        speak(day.slate, 12, 60_000 + n)
    day.order(Want.SLATE)
    speak(day.slate, 12, 60_003)
    day.send(KEY)
    speak(day.lecturer, 11, 3)
    speak(day.slate, 12, 60_004)
    heard = day.book.of(day.viewer, AUDIO)
    assert [payload for _, _, payload in heard] == [b"11", b"11", b"11", b"12"]
    assert continuous_sound(heard)


def continuous_sound(heard: list[tuple[int, int, bytes]]) -> bool:
    return all((b[0] - a[0]) & 0xFFFF == 1 and 0 < (b[1] - a[1]) & 0xFFFFFFFF < 48_000 for a, b in pairwise(heard))


def test_a_source_without_a_picture_follows_with_its_sound() -> None:
    day = Lecture()
    day.run(3)
    day.stream.gone(day.lecturer, day.now)
    for n in range(60):
        day.now += 0.02
        sound = Arrival(AUDIO, 0, n, n * 960, 12, b"x")
        day.stream.incoming(day.slate, sound, "audio", day.now)
        day.stream.pulse(day.now)
    assert day.air()[0] is Seat.SLATE


def test_clocks_that_both_told_keep_lips_and_voice_together_through_the_change() -> None:
    day = Lecture()
    for who, ssrc in ((day.lecturer, 1), (day.slate, 2)):
        stamp = day.sources[Seat.LECTURER if ssrc == 1 else Seat.SLATE].stamp
        ntp = 500.0 if ssrc == 1 else 90.0
        report = rtcp.sender_report(ssrc, ntp=ntp, timestamp=stamp, packets=1, octets=1, cname="p")
        day.stream.publisher_reports(who, report, day.now)
    before = day.stream.pictures.layers[0].fan.track.clock(day.now + 1010.0)
    day.order(Want.SLATE)
    day.send(KEY)
    after = day.stream.pictures.layers[0].fan.track.clock(day.now - FRAME_S + 1010.0)
    assert before is not None
    assert after is not None
    assert abs(before - after) <= 1


def test_nothing_has_been_on_air_since_nobody_knows_when_until_somebody_was() -> None:
    stream, _, _ = stream_with()
    assert (stats_of(stream, 5000.0).air, stats_of(stream, 5000.0).air_since_ms) == ("", 0)
    assert stats_of(Lecture().stream, 5000.0).air_since_ms > 0


def test_who_asked_for_the_seat_before_its_holder_does_not_drive_that_one_out() -> None:
    day = Lecture()
    day.run(3)
    newcomer, returns = peer(publisher=True), peer(publisher=True)
    returns.created, newcomer.created = 1.0, 2.0
    assert day.stream.publisher_ready(newcomer, day.now) is day.lecturer
    assert day.stream.publisher_ready(returns, day.now) is returns
    day.stream.gone(returns, day.now)
    assert day.stream.seats[Seat.LECTURER].peer is newcomer
