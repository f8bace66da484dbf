"""RTCP in and out, checked against aiortc's own reading."""

from __future__ import annotations

import pytest
from aiortc import rtp
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.media.relay import rtcp


def test_a_sender_report_is_written_and_read() -> None:
    compound = rtcp.sender_report(7, ntp=4_000_000_000.25, timestamp=90, packets=3, octets=300, cname="s-lecture")
    report, description = rtp.RtcpPacket.parse(compound)
    assert isinstance(report, rtp.RtcpSrPacket)
    assert (report.ssrc, report.sender_info.rtp_timestamp, report.sender_info.packet_count) == (7, 90, 3)
    assert report.sender_info.ntp_timestamp == (4_000_000_000 << 32) + (1 << 30)
    assert isinstance(description, rtp.RtcpSdesPacket)
    (read,) = rtcp.parse(compound)
    assert isinstance(read, rtcp.SenderReport)
    assert (read.ssrc, read.ntp, read.timestamp) == (7, 4_000_000_000.25, 90)


def test_a_receiver_report_is_written_and_read() -> None:
    block = rtcp.Block(9, 64, 5, 70_000, 12, 1, 2)
    compound = rtcp.receiver_report(7, [block], "s-lecture")
    report = rtp.RtcpPacket.parse(compound)[0]
    assert isinstance(report, rtp.RtcpRrPacket)
    assert (report.reports[0].ssrc, report.reports[0].fraction_lost, report.reports[0].packets_lost) == (9, 64, 5)
    assert rtcp.parse(compound) == [rtcp.LossReport(9, 64, 5, 12, 1, 2)]


@given(st.floats(3.9e9, 4.3e9), st.floats(0, 2), st.floats(0, 5))
def test_a_report_tells_how_long_the_last_one_to_its_sender_took_and_when_it_left(
    left: float, took: float, kept: float
) -> None:
    (asked,) = rtcp.parse(rtcp.sender_report(7, ntp=left, timestamp=0, packets=0, octets=0, cname="s"))
    assert isinstance(asked, rtcp.SenderReport)
    block = rtcp.Block(7, 0, 0, 0, 0, asked.ntp_middle, round(kept * 65536))
    (answer,) = rtcp.parse(rtcp.receiver_report(9, [block], "v"))
    assert isinstance(answer, rtcp.LossReport)
    trip = answer.round_trip(left + took + kept)
    assert trip is not None
    assert trip == pytest.approx((took, took + kept), abs=1e-4)


@pytest.mark.parametrize("last_report", [0, 1 << 31, (100 << 16) + 1])
def test_what_answers_no_report_or_one_of_another_time_tells_no_trip(last_report: int) -> None:
    assert rtcp.LossReport(7, 0, 0, 0, last_report, 0).round_trip(100.0) is None


@given(st.sets(st.integers(0, 400), min_size=1, max_size=60), st.integers(0, 65535))
def test_lost_packets_are_named_exactly(offsets: set[int], first: int) -> None:
    sequences = [(first + offset) % 65536 for offset in sorted(offsets)]
    compound = rtcp.nack(7, 9, sequences)
    packet = rtp.RtcpPacket.parse(compound)[0]
    assert isinstance(packet, rtp.RtcpRtpfbPacket)
    assert [one % 65536 for one in packet.lost] == sequences
    (read,) = rtcp.parse(compound)
    assert isinstance(read, rtcp.Missing)
    assert read.sequences == sequences


def test_keyframe_requests_of_both_kinds_are_understood() -> None:
    assert rtcp.parse(rtcp.keyframe_request(7, 9)) == [rtcp.KeyframeWanted(9)]
    fir = bytes((0x80 | 4, 206, 0, 4)) + bytes(7) + b"\7" + bytes((0, 0, 0, 9, 1, 0, 0, 0))
    assert rtcp.parse(fir) == [rtcp.KeyframeWanted(9)]


def test_a_bandwidth_limit_is_told_as_remb() -> None:
    packet = rtp.RtcpPacket.parse(rtcp.bandwidth(7, 6_000_000, [9]))[0]
    assert isinstance(packet, rtp.RtcpPsfbPacket)
    bits, ssrcs = rtp.unpack_remb_fci(packet.fci)
    assert abs(bits - 6_000_000) < 32
    assert ssrcs == [9]


@given(st.integers(0, 1 << 40))
def test_what_a_viewers_line_takes_is_read_from_remb(bits: int) -> None:
    (read,) = rtcp.parse(rtcp.bandwidth(7, bits, [9, 10]))
    assert isinstance(read, rtcp.Estimate)
    assert bits * (1 - 2**-17) <= read.bits_per_s <= bits


def test_a_goodbye_names_its_sources() -> None:
    assert rtcp.parse(bytes((0x82, 203, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2))) == [rtcp.Goodbye([1, 2])]


@given(st.binary(max_size=120))
def test_garbage_is_read_without_harm(data: bytes) -> None:
    assert len(rtcp.parse(data)) <= 64
    assert len(rtcp.parse(b"\x81\xcd" + data)) <= 64
