"""Choosing codecs and writing answers."""

from __future__ import annotations

import pytest

from orchestrator.media.relay.answer import Ground, Terms, agree, write_answer
from orchestrator.media.relay.sdp import BadOffer, Offer, parse_offer
from tests.doubles.light_peer import offer

PRINT = ":".join(["AB"] * 32)
GROUND = Ground(("192.0.2.7", "2001:db8::7"), 5004, ":".join(["CD"] * 32))
SSRCS = {"audio": 11, "video": 22, "audio-repair": 33, "video-repair": 44}
H264 = "a=fmtp:102 packetization-mode=1;profile-level-id=42e01f;level-asymmetry-allowed=1"


def text_of(direction: str = "recvonly") -> str:
    return offer(direction, "user", "p" * 24, PRINT)


def agreed(text: str, *, publisher: bool = False) -> tuple[Offer, Terms]:
    read = parse_offer(text)
    return read, agree(read, publisher=publisher, ssrcs=SSRCS)


def answer_to(text: str, *, publisher: bool = False) -> list[str]:
    read, terms = agreed(text, publisher=publisher)
    written = write_answer(
        read, terms, GROUND, ufrag="mine", pwd="secret", publisher=publisher, label="s-lecture", serial=1
    )
    return written.split("\r\n")


def test_a_viewer_is_sent_both_kinds_over_one_transport() -> None:
    lines = answer_to(text_of())
    assert "a=ice-lite" in lines
    assert "a=group:BUNDLE 0 1" in lines
    assert lines.count("a=sendonly") == 2
    assert lines.count("a=setup:passive") == 2
    assert "a=ssrc:22 cname:s-lecture" in lines
    assert "a=ssrc:11 cname:s-lecture" in lines
    assert "a=candidate:1 1 udp 2130706431 192.0.2.7 5004 typ host" in lines
    assert any("2001:db8::7 5004 typ host" in line for line in lines)


def test_a_publisher_is_received_and_told_where_to_begin() -> None:
    lines = answer_to(text_of("sendonly"), publisher=True)
    assert lines.count("a=recvonly") == 2
    assert any("x-google-start-bitrate" in line for line in lines)
    assert not any(line.startswith("a=ssrc") for line in lines)


def test_only_feedback_that_was_offered_is_answered() -> None:
    lines = answer_to(text_of())
    assert "a=rtcp-fb:102 nack pli" in lines
    assert not any("ccm fir" in line for line in lines)


def test_lost_packets_come_again_as_rtx_to_those_who_offer_it() -> None:
    lines = answer_to(text_of())
    assert "m=video 5004 UDP/TLS/RTP/SAVPF 102 103" in lines
    assert {"a=rtpmap:103 rtx/90000", "a=fmtp:103 apt=102", "a=ssrc-group:FID 22 44"} <= set(lines)
    plain = answer_to(text_of().replace("rtx/90000", "red/90000"))
    assert "m=video 5004 UDP/TLS/RTP/SAVPF 102" in plain
    assert not any("FID" in line or "abs-send-time" in line for line in plain)


def test_extensions_keep_the_offers_numbers() -> None:
    lines = answer_to(text_of().replace("extmap:2 ", "extmap:9/recvonly "))
    assert "a=extmap:9 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time" in lines
    assert "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid" in lines
    assert not any("extmap:4200" in line for line in answer_to(text_of().replace("extmap:2 ", "extmap:4200 ")))


def test_a_publishers_repairs_are_known_by_the_pairs_of_its_offer() -> None:
    named = text_of("sendonly").replace("a=rtpmap:102 ", "a=ssrc-group:FID 7 8\r\na=rtpmap:102 ")
    assert agreed(named, publisher=True)[1].repairs == ((8, 7),)


def test_constrained_baseline_is_taken_before_others() -> None:
    text = text_of().replace("SAVPF 102", "SAVPF 100 101 102")
    for number, profile in ((100, "640c1f"), (101, "42001f")):
        text = text.replace(
            H264,
            f"a=rtpmap:{number} H264/90000\r\n"
            f"a=fmtp:{number} packetization-mode=1;profile-level-id={profile}\r\n{H264}",
        )
    assert agreed(text)[1].of("video").payload_type == 102  # type: ignore[union-attr]


def test_a_viewer_with_another_profile_is_served_and_a_publisher_is_not() -> None:
    high = text_of("sendrecv").replace("42e01f", "64001f")
    assert agreed(high)[1].of("video") is not None
    with pytest.raises(BadOffer) as refused:
        agreed(high, publisher=True)
    assert refused.value.code == "not_acceptable"


@pytest.mark.parametrize(
    "text",
    [
        text_of().replace("H264/90000", "VP8/90000"),
        text_of().replace("packetization-mode=1", "packetization-mode=0"),
        text_of().replace("opus/48000/2", "PCMU/8000"),
        text_of("sendonly"),
        text_of("inactive"),
        text_of().replace("a=group:BUNDLE 0 1\r\n", ""),
    ],
)
def test_a_foreign_offer_is_not_acceptable(text: str) -> None:
    with pytest.raises(BadOffer) as refused:
        agreed(text)
    assert refused.value.code == "not_acceptable"


def test_media_without_encryption_or_mux_is_refused() -> None:
    for text in (text_of().replace("UDP/TLS/RTP/SAVPF", "RTP/AVP"), text_of().replace("a=rtcp-mux\r\n", "")):
        with pytest.raises(BadOffer) as refused:
            agreed(text)
        assert refused.value.code == "malformed"


def test_sections_beyond_the_first_of_a_kind_are_rejected_in_place() -> None:
    extra = text_of() + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:2\r\n"
    lines = answer_to(extra)
    assert "m=application 0 UDP/DTLS/SCTP webrtc-datachannel" in lines
    assert "a=group:BUNDLE 0 1" in lines


def test_sound_alone_is_enough() -> None:
    text = text_of()
    sound = text[: text.index("m=video")].replace("BUNDLE 0 1", "BUNDLE 1") + text[text.index("m=audio") :]
    terms = agreed(sound)[1]
    assert (terms.of("audio") is not None, terms.of("video")) == (True, None)


def test_an_offer_that_waits_makes_the_relay_begin() -> None:
    assert "a=setup:active" in answer_to(text_of().replace("a=setup:actpass", "a=setup:passive"))


def test_where_vp8_is_spoken_h264_is_refused_and_the_other_way_round() -> None:
    vp8 = text_of("sendonly").replace("H264/90000", "VP8/90000").replace(f"{H264}\r\n", "")
    read = parse_offer(vp8)
    terms = agree(read, publisher=True, ssrcs=SSRCS, video="vp8")
    written = write_answer(read, terms, GROUND, ufrag="u", pwd="p", publisher=True, label="s", serial=1)
    assert "a=rtpmap:102 VP8/90000" in written
    assert "profile-level-id" not in written
    with pytest.raises(BadOffer, match="video must be VP8; the offer has h264"):
        agree(parse_offer(text_of()), publisher=False, ssrcs=SSRCS, video="vp8")


RID = "a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
SIZES = ("a=rid:h send", "a=rid:m send", "a=rid:l send", "a=simulcast:send h;m;l")


def simulcast(*lines: str) -> str:
    return text_of("sendonly").replace("a=rtpmap:102 ", "\r\n".join([*lines, "a=rtpmap:102 "]))


def test_a_publishers_sizes_are_taken_where_its_packets_name_them() -> None:
    lines = answer_to(simulcast(RID, *SIZES), publisher=True)
    assert {"a=rid:h recv", "a=rid:m recv", "a=rid:l recv", "a=simulcast:recv h;m;l"} <= set(lines)
    assert RID in lines
    assert agreed(simulcast(RID, *SIZES), publisher=True)[1].rids == ("h", "m", "l")


def test_of_vp8_all_sizes_are_taken_too() -> None:
    offer = parse_offer(simulcast(RID, *SIZES).replace("H264/90000", "VP8/90000"))
    assert agree(offer, publisher=True, ssrcs=SSRCS, video="vp8").rids == ("h", "m", "l")


def test_without_names_in_packets_or_of_one_size_there_is_no_simulcast() -> None:
    for text in (simulcast(*SIZES), simulcast(RID, "a=rid:h send", "a=simulcast:send h"), simulcast(RID, *SIZES[:3])):
        assert not any("simulcast" in line or "a=rid" in line for line in answer_to(text, publisher=True))


def test_a_viewer_sends_no_sizes() -> None:
    text = text_of().replace("a=rtpmap:102 ", "\r\n".join([RID, *SIZES, "a=rtpmap:102 "]))
    assert not any("simulcast" in line for line in answer_to(text))


def test_what_a_viewers_picture_is_to_take_at_most_is_kept() -> None:
    text = text_of().replace("a=mid:0", "b=AS:200\r\na=mid:0")
    assert agreed(text)[1].most_bps == 200_000
    assert agreed(text_of())[1].most_bps is None
    assert agreed(text_of("sendonly").replace("a=mid:0", "b=AS:200\r\na=mid:0"), publisher=True)[1].most_bps is None


NUMBERED = "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"


def wanting_arrivals(direction: str = "sendonly") -> str:
    """As Chromium offers it, of both kinds."""
    text = text_of(direction)
    for codec, number in (("H264/90000", 102), ("opus/48000/2", 111)):
        line = f"a=rtpmap:{number} {codec}"
        text = text.replace(line, f"{line}\r\n{NUMBERED}\r\na=rtcp-fb:{number} transport-cc")
    return text


def test_a_publisher_that_asks_is_told_when_its_packets_came() -> None:
    lines = answer_to(wanting_arrivals(), publisher=True)
    assert lines.count(NUMBERED) == 2
    assert {"a=rtcp-fb:102 transport-cc", "a=rtcp-fb:111 transport-cc"} <= set(lines)


def test_numbers_without_feedback_and_feedback_without_numbers_are_not_agreed() -> None:
    for half in ("a=rtcp-fb", "a=extmap:3 http"):
        offered = "\r\n".join(
            line for line in wanting_arrivals().split("\r\n") if not line.startswith(half) or "nack" in line
        )
        written = "\n".join(answer_to(offered, publisher=True))
        assert "transport" not in written


def test_a_viewer_numbers_nothing_for_the_relay() -> None:
    written = "\n".join(answer_to(wanting_arrivals("recvonly")))
    assert "transport" not in written
