"""Reading offers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.media.relay.extensions import ABS_SEND_TIME, MID
from orchestrator.media.relay.sdp import BadOffer, parse_offer
from tests.doubles.light_peer import offer

PRINT = ":".join(["AB"] * 32)
GOOD = offer("recvonly", "user", "p" * 24, PRINT)


def test_an_offer_is_read_with_its_sections_codecs_and_transport() -> None:
    read = parse_offer(GOOD)
    assert [(one.kind, one.mid, one.direction) for one in read.media] == [
        ("video", "0", "recvonly"),
        ("audio", "1", "recvonly"),
    ]
    assert read.bundle == ["0", "1"]
    assert (read.ufrag, read.pwd, read.setup) == ("user", "p" * 24, "actpass")
    assert read.fingerprints == [("sha-256", PRINT)]
    video = read.media[0].codecs[0]
    assert (video.name, video.clock_rate, video.parameters["profile-level-id"]) == ("h264", 90000, "42e01f")
    assert video.feedback == ["nack", "nack pli", "goog-remb"]
    assert read.media[0].codecs[1].parameters == {"apt": "102"}
    assert read.media[0].extensions == {ABS_SEND_TIME: 2, MID: 4}


@pytest.mark.parametrize(
    ("lines", "most_bps"),
    [
        (["b=AS:200"], 200_000),
        (["b=TIAS:150000"], 150_000),
        (["b=AS:200", "b=TIAS:150000"], 150_000),
        (["b=RS:800", "b=X-YZ:7", "b=AS:"], None),
    ],
)
def test_what_a_section_is_to_take_at_most_is_read(lines: list[str], most_bps: int | None) -> None:
    where = GOOD.index("c=IN", GOOD.index("m=video"))
    end = GOOD.index("\r\n", where) + 2
    read = parse_offer(GOOD[:end] + "".join(f"{line}\r\n" for line in lines) + GOOD[end:])
    assert [one.most_bps for one in read.media] == [most_bps, None]


def test_transport_may_stand_in_the_session_part() -> None:
    lines = [line for line in GOOD.split("\r\n") if not line.startswith(("a=ice", "a=fingerprint", "a=setup"))]
    head = [f"a=fingerprint:sha-256 {PRINT}", "a=ice-ufrag:abcd", f"a=ice-pwd:{'q' * 22}", "a=setup:active"]
    read = parse_offer("\n".join([*lines[:4], *head, *lines[4:]]))
    assert (read.ufrag, read.setup) == ("abcd", "active")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "v=0",
        "v=1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111",
        GOOD.replace("a=ice-ufrag:user", "a=ice-ufrag:<>"),
        GOOD.replace("p" * 24, "short"),
        GOOD.replace("sha-256", "sha-1"),
        GOOD.replace(PRINT, "zz"),
        GOOD.replace("SAVPF 102", "SAVPF 999"),
        GOOD.replace("H264/90000", "H264"),
        GOOD.replace("a=setup:actpass", "a=setup:holdconn"),
        GOOD.replace("m=video 9", "m=video ninety"),
        GOOD + "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n" * 40,
        GOOD + "a=x\r\n" * 4000,
        GOOD + "a=" + "x" * 5000,
    ],
)
def test_a_malformed_offer_is_refused(text: str) -> None:
    with pytest.raises(BadOffer) as refused:
        parse_offer(text)
    assert refused.value.code == "malformed"


@given(st.text(max_size=300))
def test_garbage_is_refused_and_nothing_else_happens(text: str) -> None:
    with pytest.raises(BadOffer):
        parse_offer("v=0\r\n" + text)


@given(st.data())
def test_a_damaged_offer_is_read_or_refused(data: st.DataObject) -> None:
    lines = GOOD.split("\r\n")
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        lines[at] = data.draw(st.one_of(st.just(""), st.text(max_size=40), st.sampled_from(lines)))
    try:
        parse_offer("\r\n".join(lines))
    except BadOffer:
        return


def test_the_sizes_of_a_simulcast_offer_are_read() -> None:
    lines = ["a=rid:h send", "a=rid:m send", "a=rid:bad! send", "a=rid:in recv", "a=simulcast:send h;~m,x;gone recv in"]
    video = parse_offer(GOOD.replace("a=rtpmap:102 ", "\r\n".join([*lines, "a=rtpmap:102 "]))).media[0]
    assert (video.rids, video.simulcast) == (["h", "m"], ["h", "m", "gone"])
