"""What of the agent's log may leave the room."""

import gzip
import json
import random
from pathlib import Path

from site_agent.orders.log_pack import MOST_BYTES, fit, packed


def only(told: object) -> dict[str, object]:
    (line,) = fit([json.dumps(told).encode()])
    found: dict[str, object] = json.loads(line)
    return found


def test_events_and_figures_stay_as_they_are() -> None:
    told = {"event": "line_lost", "level": "info", "timestamp": "2026-11-29T08:00:00Z", "depth": 12, "up": True}
    assert only(told) == told


def test_fields_that_speak_of_a_person_are_left_out() -> None:
    told = {"event": "x", "candidate": "TS001", "name": "Lan", "phone": "0905", "pin": 1234, "site_name": "Kim Đồng"}
    assert only(told) == {"event": "x"}


def test_long_digits_homes_and_whatever_looks_like_bytes_are_masked() -> None:
    told = {"event": "x", "error": "049099001234 at /home/colan/.x " + "QUJD" * 20, "reasons": ["/Users/lan/y"]}
    assert only(told) == {"event": "x", "error": "… at /home/…/.x …", "reasons": '["/Users/…/y"]'}


def test_a_line_that_is_not_ours_does_not_leave() -> None:
    assert list(fit([b"Traceback of Co Lan", b"[1]", b"\xff\xd8\xff jpeg"])) == []


def test_the_newest_lines_of_all_files_come_the_oldest_first(tmp_path: Path) -> None:
    (tmp_path / "agent.log.1").write_text('{"event": "one"}\n', encoding="utf-8")
    (tmp_path / "agent.log").write_text('{"event": "two"}\n', encoding="utf-8")
    head, *lines = [json.loads(line) for line in gzip.decompress(packed(tmp_path)).splitlines()]
    assert [line["event"] for line in lines] == ["one", "two"]
    assert (head["event"], head["lines"]) == ("log_collected", 2)


def test_a_log_that_does_not_compress_loses_its_oldest_lines(tmp_path: Path) -> None:
    chance = random.Random(1)
    lines = [json.dumps({"event": str(n), **{f"f{at}": chance.random() for at in range(30)}}) for n in range(1500)]
    (tmp_path / "agent.log").write_text("\n".join(lines), encoding="utf-8")
    octets = packed(tmp_path)
    kept = gzip.decompress(octets).splitlines()
    assert len(octets) <= MOST_BYTES
    assert json.loads(kept[-1])["event"] == "1499"
    assert 100 < len(kept) < 1500


def test_without_a_log_there_is_still_a_head(tmp_path: Path) -> None:
    assert json.loads(gzip.decompress(packed(tmp_path / "none")))["lines"] == 0
