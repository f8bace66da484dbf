"""Which source a publisher's packet belongs to."""

from __future__ import annotations

from aiortc import rtp

from orchestrator.media.relay.answer import Chosen, Terms
from orchestrator.media.relay.extensions import REPAIRED_RID, RID
from orchestrator.media.relay.origins import SOURCES_LIMIT, Origins
from orchestrator.media.relay.rtp import Arrival

VIDEO, REPAIR, AUDIO = 102, 103, 111


def origins(*, named: tuple[tuple[int, int], ...] = ()) -> Origins:
    video = Chosen(0, "video", "0", VIDEO, 90000, repair=REPAIR, extensions={RID: 10, REPAIRED_RID: 11})
    return Origins(Terms((video, Chosen(1, "audio", "1", AUDIO, 48000)), passive=True, repairs=named))


def packet(kind: int, ssrc: int, payload: bytes = b"x", extension: tuple[int, bytes] | None = None) -> Arrival:
    raw = b""
    if extension is not None:
        profile, value = rtp.pack_header_extensions([extension])
        raw = profile.to_bytes(2, "big") + (len(value) // 4).to_bytes(2, "big") + value
    return Arrival(kind, 0x80, 5, 90, ssrc, payload, raw)


def test_a_first_packet_is_its_own() -> None:
    own = origins()
    first = packet(AUDIO, 3)
    assert own.place(first) is first


def test_a_repair_is_unwrapped_to_the_source_that_the_offer_names() -> None:
    own = origins(named=((8, 7),))
    own.place(packet(VIDEO, 9))
    again = own.place(packet(REPAIR, 8, b"\x12\x34body"))
    assert again == Arrival(VIDEO, 0x80, 0x1234, 90, 7, b"body", repaired=True)


def test_without_a_name_the_only_source_of_the_payload_type_is_meant() -> None:
    own = origins()
    assert own.place(packet(REPAIR, 8, b"\x12\x34body")) is None
    own.place(packet(VIDEO, 9))
    again = own.place(packet(REPAIR, 8, b"\x12\x34body"))
    assert again is not None
    assert again.ssrc == 9


def test_of_several_layers_the_rid_tells_which_is_repaired() -> None:
    own = origins()
    for ssrc, rid in ((21, b"low"), (22, b"mid"), (23, b"full")):
        own.place(packet(VIDEO, ssrc, extension=(10, rid)))
    assert own.rids == {21: "low", 22: "mid", 23: "full"}
    for _ in range(2):
        again = own.place(packet(REPAIR, 31, b"\x00\x05body", extension=(11, b"low")))
        assert again is not None
        assert again.ssrc == 21
    assert own.repairs == {31: 21}


def test_padding_is_nothing() -> None:
    own = origins()
    own.place(packet(VIDEO, 9))
    assert own.place(packet(REPAIR, 8, b"")) is None


def test_a_publisher_cannot_make_the_relay_remember_without_end() -> None:
    own = origins()
    for ssrc in range(1000):
        own.place(packet(VIDEO, ssrc, extension=(10, b"%d" % ssrc)))
        own.place(packet(REPAIR, 10_000 + ssrc, b"\0\0x", extension=(11, b"%d" % ssrc)))
    assert len(own.rids) <= SOURCES_LIMIT
    assert len(own.repairs) <= SOURCES_LIMIT
