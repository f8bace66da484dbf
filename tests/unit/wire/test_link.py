"""The sans-I/O link: nothing reliable is lost or doubled, whatever a connection does."""

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from wire.codec import ProtocolError, decode_down, decode_up, encode
from wire.ids import OrderId, SessionId
from wire.link import ACK_AFTER_S, ACK_EVERY, Frame, Link, LinkFull
from wire.messages import (
    MAX_FRAME_BYTES,
    Committed,
    Down,
    LectureOff,
    OrderSeen,
    TimePing,
    Up,
)


def off(number: int) -> LectureOff:
    return LectureOff(session=SessionId(f"session-{number}"))


def frame(seq: int, ack: int, body: bytes = b"\xc0") -> bytes:
    return msgspec.msgpack.encode(Frame(seq, ack, msgspec.Raw(body)))


def centre(**limits: int) -> Link[Up]:
    return Link(decode_up, **limits)


def site() -> Link[Down]:
    return Link(decode_down)


def drained(link: Link[Up] | Link[Down], now: float = 0.0) -> list[bytes]:
    frames = []
    while (octets := link.next_frame(now)) is not None:
        frames.append(octets)
    return frames


def refusal(link: Link[Up] | Link[Down], octets: bytes) -> str:
    with pytest.raises(ProtocolError) as refused:
        link.receive(octets, 0.0)
    return refused.value.code


def test_messages_arrive_in_the_order_they_were_queued() -> None:
    up, down = centre(), site()
    for number in range(5):
        up.queue(off(number))
    assert [down.receive(octets, 0.0) for octets in drained(up)] == [off(number) for number in range(5)]
    assert down.received == 5


def test_after_a_break_only_what_the_peer_lacks_is_sent_again() -> None:
    up, down = centre(), site()
    for number in range(4):
        up.queue(off(number))
    first, second, *_lost = drained(up)
    down.receive(first, 0.0)
    down.receive(second, 0.0)
    up.connected(down.received)
    down.connected(0)
    assert [down.receive(octets, 0.0) for octets in drained(up)] == [off(2), off(3)]


def test_a_duplicate_is_ignored_and_acknowledged_again() -> None:
    up, down = centre(), site()
    up.queue(off(1))
    (octets,) = drained(up)
    assert down.receive(octets, 0.0) == off(1)
    assert down.receive(octets, 0.0) is None
    assert down.received == 1
    assert down.ack_due_at() == ACK_AFTER_S


def test_a_gap_is_refused() -> None:
    assert refusal(site(), frame(2, 0, encode(off(1)))) == "gap"


def test_an_acknowledgement_of_what_was_never_sent_is_refused() -> None:
    assert refusal(site(), frame(0, 1)) == "bad_ack"


def test_a_resume_from_a_number_never_sent_is_refused() -> None:
    with pytest.raises(ProtocolError, match="we know"):
        centre().connected(1)


def test_an_unknown_message_is_refused_by_name() -> None:
    assert refusal(site(), frame(0, 0, msgspec.msgpack.encode({"type": "Fireworks"}))) == "unknown_message"


def test_a_message_of_the_other_direction_is_refused() -> None:
    assert refusal(site(), frame(1, 0, encode(OrderSeen(order=OrderId("o"))))) == "not_allowed"


def test_a_numbered_transient_message_is_refused() -> None:
    assert refusal(centre(), frame(1, 0, encode(TimePing(id=1, t0_ns=5)))) == "malformed"


def test_an_oversized_frame_is_refused_before_it_is_read() -> None:
    assert refusal(site(), b"\xc1" * (MAX_FRAME_BYTES + 1)) == "too_large"


@pytest.mark.parametrize(
    "octets", [b"", b"\xc1", b"\x91" * 5000, b"\x93\x00\x00", frame(0, 0, b"\xc3"), b"\x93\xff\x00\xc0"]
)
def test_what_is_no_frame_is_refused_as_malformed(octets: bytes) -> None:
    assert refusal(site(), octets) == "malformed"


def test_a_refused_frame_changes_nothing() -> None:
    link = site()
    refusal(link, frame(1, 0, msgspec.msgpack.encode({"type": "Fireworks"})))
    assert link.received == 0
    assert link.receive(frame(1, 0, encode(off(1))), 0.0) == off(1)


def test_a_peer_that_never_acknowledges_fills_the_window() -> None:
    link = centre(window=3)
    for number in range(3):
        link.queue(off(number))
    drained(link)
    with pytest.raises(LinkFull):
        link.queue(off(3))
    link.receive(frame(0, 1), 0.0)
    link.queue(off(3))
    assert link.waiting == 3


def test_the_window_is_bounded_in_bytes_too() -> None:
    link = centre(window_bytes=50)
    link.queue(off(1))
    with pytest.raises(LinkFull):
        link.queue(off(2))


def test_acknowledgements_wait_a_second_or_sixteen_messages() -> None:
    up, down = centre(), site()
    for number in range(ACK_EVERY):
        up.queue(off(number))
    *frames, last = drained(up)
    for octets in frames:
        down.receive(octets, 10.0)
    assert down.next_frame(10.9) is None
    assert down.next_frame(11.0) is not None
    down.receive(last, 11.0)
    assert down.next_frame(11.5) is None


def test_transient_messages_carry_the_acknowledgement_and_are_not_kept() -> None:
    up, down = centre(), site()
    up.queue(off(1))
    down.receive(drained(up)[0], 0.0)
    assert up.receive(down.transient(TimePing(id=1, t0_ns=5)), 0.0) == TimePing(id=1, t0_ns=5)
    assert up.waiting == 0
    assert down.waiting == 0
    assert down.next_frame(100.0) is None


class BrokenLine(RuleBasedStateMachine):
    """Two ends, frames in flight each way, and a line that may be cut with any number of them undelivered."""

    def __init__(self) -> None:
        super().__init__()
        self.ends: tuple[Link[Up], Link[Down]] = (centre(window=20), site())
        self.flight: tuple[list[bytes], list[bytes]] = ([], [])
        self.queued: tuple[list[int], list[int]] = ([], [])
        self.got: tuple[list[int], list[int]] = ([], [])
        self.now = 0.0

    @rule(end=st.sampled_from([0, 1]))
    def queue(self, end: int) -> None:
        number = len(self.queued[end])
        message = off(number) if end == 0 else OrderSeen(order=OrderId(f"order-{number}"))
        try:
            self.ends[end].queue(message)
        except LinkFull:
            assert self.ends[end].waiting == 20
        else:
            self.queued[end].append(number)

    @rule(end=st.sampled_from([0, 1]), count=st.integers(1, 6))
    def send(self, end: int, count: int) -> None:
        for _ in range(count):
            if (octets := self.ends[end].next_frame(self.now)) is not None:
                self.flight[end].append(octets)

    @rule(end=st.sampled_from([0, 1]))
    def send_transient(self, end: int) -> None:
        message = TimePing(id=0, t0_ns=0) if end else Committed(stream="outbox-1", through=0)
        self.flight[end].append(self.ends[end].transient(message))

    @rule(end=st.sampled_from([0, 1]), count=st.integers(1, 6))
    def deliver(self, end: int, count: int) -> None:
        for octets in self.flight[end][:count]:
            self._take(1 - end, octets)
        del self.flight[end][:count]

    @rule(seconds=st.floats(0, 3))
    def wait(self, seconds: float) -> None:
        self.now += seconds

    @rule()
    def break_and_resume(self) -> None:
        for flight in self.flight:
            flight.clear()
        one, other = self.ends
        one.connected(other.received)
        other.connected(one.received)

    @rule()
    def welcome_is_lost(self) -> None:
        """The centre has resumed, then the line breaks again before the site learns of it."""
        for flight in self.flight:
            flight.clear()
        self.ends[0].connected(self.ends[1].received)
        self.break_and_resume()

    @invariant()
    def nothing_is_doubled_or_reordered(self) -> None:
        for end in (0, 1):
            assert self.got[1 - end] == self.queued[end][: len(self.got[1 - end])]

    def teardown(self) -> None:
        self.break_and_resume()
        for _ in range(3):
            for end in (0, 1):
                for octets in drained(self.ends[end], self.now):
                    self._take(1 - end, octets)
        assert self.got[0] == self.queued[1]
        assert self.got[1] == self.queued[0]

    def _take(self, end: int, octets: bytes) -> None:
        message = self.ends[end].receive(octets, self.now)
        if isinstance(message, LectureOff):
            self.got[end].append(int((message.session or "").split("-")[1]))
        elif isinstance(message, OrderSeen):
            self.got[end].append(int(message.order.split("-")[1]))


BrokenLine.TestCase.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestABrokenLineLosesAndDoublesNothing = BrokenLine.TestCase
