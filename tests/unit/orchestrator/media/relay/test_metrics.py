"""What Prometheus reads of a relay."""

from __future__ import annotations

from orchestrator.media.port import StreamStats
from orchestrator.media.relay.figures import RelayFigures
from orchestrator.media.relay.lines import Lines
from orchestrator.media.relay.metrics import text


def figures(drops: dict[str, int]) -> RelayFigures:
    stream = StreamStats(
        "s1-lecture", on_air=True, viewers=3, packets_out=9, unanswered=2, repeated=4, drops={"unknown_rid": 6}
    )
    return RelayFigures(5004, 4, 1.5, 90, 7, drops, {"silent": 1}, [stream], {"tasks": 12, "addresses": 3})


def test_every_drop_is_told_with_its_reason() -> None:
    lines = text({"0": figures({"srtp": 5, "padding": 1}), "1": figures({})}).splitlines()
    assert 'diemcau_relay_dropped_total{worker="0",reason="srtp"} 5' in lines
    assert 'diemcau_relay_dropped_total{worker="1",reason="out"} 7' in lines
    assert 'diemcau_relay_packets_unanswered_total{worker="0",stream="s1-lecture"} 2' in lines
    assert 'diemcau_relay_packets_dropped_total{worker="0",stream="s1-lecture",reason="unknown_rid"} 6' in lines
    assert 'diemcau_relay_on_air{worker="0",stream="s1-lecture"} 1' in lines


def test_a_metrics_lines_stand_together_under_one_type() -> None:
    lines = text({"0": figures({}), "1": figures({})}).splitlines()
    types = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(types) == len(set(types))
    at = lines.index("# TYPE diemcau_relay_sessions gauge")
    assert lines[at + 1 : at + 3] == ['diemcau_relay_sessions{worker="0"} 4', 'diemcau_relay_sessions{worker="1"} 4']


def test_what_a_worker_holds_is_told() -> None:
    lines = text({"1": figures({})}).splitlines()
    assert 'diemcau_relay_tasks{worker="1"} 12' in lines
    assert 'diemcau_relay_addresses{worker="1"} 3' in lines


def test_what_is_done_for_weak_lines_is_counted_by_stream_and_their_lines_in_one_histogram() -> None:
    lines = Lines()
    for bps in (150_000, 150_001, 420_000, 9_000_000):
        lines.add(bps)
    stream = StreamStats("s", padded=3, padded_bytes=12_345_678, ups=2, downs=5, paused=1)
    told = text({"0": RelayFigures(5004, 4, 1.5, 90, 7, {}, {}, [stream], lines=lines.figures())}).splitlines()
    for name, labels, value in (
        ("padding_packets_total", 'stream="s"', 3),
        ("padding_bytes_total", 'stream="s"', 12_345_678),
        ("layer_changes_total", 'stream="s",direction="up"', 2),
        ("layer_changes_total", 'stream="s",direction="down"', 5),
        ("viewers_without_picture", 'stream="s"', 1),
        ("viewer_line_bits_per_second_bucket", 'le="150000"', 1),
        ("viewer_line_bits_per_second_bucket", 'le="300000"', 2),
        ("viewer_line_bits_per_second_bucket", 'le="8000000"', 3),
        ("viewer_line_bits_per_second_bucket", 'le="+Inf"', 4),
    ):
        assert f'diemcau_relay_{name}{{worker="0",{labels}}} {value}' in told
    assert 'diemcau_relay_viewer_line_bits_per_second_count{worker="0"} 4' in told
    assert 'diemcau_relay_viewer_line_bits_per_second_sum{worker="0"} 9720001' in told
    assert told.count("# TYPE diemcau_relay_viewer_line_bits_per_second histogram") == 1


def test_no_worker_no_lines() -> None:
    assert text({}) == ""
