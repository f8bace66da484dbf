"""What a viewer hands on of what it hears."""

from __future__ import annotations

import struct

from pylibsrtp import Policy, Session

from orchestrator.media.recorder.take import H264
from orchestrator.media.recorder.viewer import Viewer
from orchestrator.media.relay import rtcp
from orchestrator.media.relay.dtls import SrtpKeys

KEY = bytes(range(30))


def outward() -> Session:
    return Session(Policy(key=KEY, ssrc_type=Policy.SSRC_ANY_OUTBOUND))


def test_a_report_that_comes_before_its_source_is_handed_on() -> None:
    heard: list[tuple[str | None, rtcp.SenderReport]] = []
    viewer = Viewer(lambda *_: None, lambda kind, report: heard.append((kind, report)))
    viewer.reports(rtcp.sender_report(22, ntp=3.9e9, timestamp=9000, packets=0, octets=0, cname="a"))
    assert [(kind, report.ssrc, report.timestamp) for kind, report in heard] == [(None, 22, 9000)]


def test_what_the_relay_sends_before_our_handshake_is_done_is_not_lost() -> None:
    heard: list[tuple[str, int, bytes]] = []
    viewer = Viewer(lambda kind, one, _: heard.append((kind, one.sequence, one.payload)), lambda *_: None)
    relay = outward()
    sealed = [relay.protect(struct.pack(">BBHII", 0x80, H264, number, 0, 22) + b"key") for number in (1, 2)]
    viewer.media(sealed[0])
    viewer.unlock(SrtpKeys(Session(Policy(key=KEY, ssrc_type=Policy.SSRC_ANY_INBOUND)), outward()))
    viewer.media(sealed[1])
    assert heard == [("video", 1, b"key"), ("video", 2, b"key")]
