"""What a server counts of a connection, and who is silent by that."""

from __future__ import annotations

from orchestrator.media.janus.counts import Counts, counts_of
from orchestrator.media.janus.hub import Hub
from orchestrator.media.janus.session import SILENT_S, Publishing
from orchestrator.media.tokens import Seat

INFO = {
    "webrtc": {
        "media": {
            "0": {
                "stats": {
                    "in": {"packets": 10, "bytes": 1000, "video-simulcast-1": {"packets": 5, "bytes": 200}},
                    "out": {"packets": 3},
                },
                "rtcp": {"main": {"lost": 2, "lost-by-remote": 1}, "sim1": {"lost": 1}},
            },
            "1": {"stats": {"in": {"packets": 50, "bytes": 4000}, "out": {"packets": 0}}},
        }
    }
}


def test_all_encodings_and_both_kinds_are_counted_together() -> None:
    assert counts_of(INFO) == Counts(packets_in=65, bytes_in=5200, lost=3, packets_out=3, missed=1)
    assert counts_of({}) == Counts()


def test_what_grew_is_never_less_than_nothing() -> None:
    assert Counts(packets_in=5, lost=2) - Counts(packets_in=3, lost=4) == Counts(packets_in=2)


def test_whose_packets_do_not_grow_is_silent_until_they_do() -> None:
    hub = Hub("ws://127.0.0.1:9", "", "", lambda _hub: None, lambda: None)
    one = Publishing(hub, Seat.LECTURER)
    one.connected = True
    one.media({"mid": "0", "receiving": True})
    heard = []
    for grown, now in ((10, 100.0), (0, 100.0 + SILENT_S / 2), (0, 100.1 + SILENT_S), (1, 102.0)):
        one.counted(Counts(packets_in=grown), now)
        heard.append(one.sending)
    assert heard == [True, True, False, True]


def test_a_server_is_named_with_the_addresses_that_it_has() -> None:
    made = [
        Hub(where, "", "", lambda _hub: None, lambda: None)
        for where in ("ws://10.0.0.1:8188", "ws://name:8188, 10.0.0.2", "ws://name:8188,,http://name:7088/admin/")
    ]
    assert [hub.address for hub in made] == ["10.0.0.1", "10.0.0.2", "name"]
    assert [hub.counter.url if hub.counter else "" for hub in made] == ["", "", "http://name:7088/admin"]
