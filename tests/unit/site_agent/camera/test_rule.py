"""The room's rule: kept through restarts, and never more than was said last."""

from pathlib import Path

from site_agent.camera.rule import FILE, RoomRule
from wire.ids import PicturePolicy
from wire.rooms import RoomRules

FULL = RoomRules(policy=PicturePolicy.FULL, keep_days=30, seen_by="Ban tổ chức", tolerance=2)


def test_whoever_was_never_told_a_rule_lets_no_picture_out(tmp_path: Path) -> None:
    rule = RoomRule(tmp_path)
    assert (rule.rules, rule.policy()) == (None, PicturePolicy.COUNT_ONLY)


async def test_a_rule_holds_after_a_restart_and_whoever_shows_it_is_told(tmp_path: Path) -> None:
    told: list[RoomRules | None] = []
    await RoomRule(tmp_path, told.append).on_rules(FULL)
    again = RoomRule(tmp_path, told.append)
    assert (again.rules, again.policy()) == (FULL, PicturePolicy.FULL)
    assert told == [None, FULL, FULL]


async def test_a_blurred_room_is_shown_as_it_is_while_it_speaks_only_where_that_was_said(tmp_path: Path) -> None:
    rule = RoomRule(tmp_path)
    assert rule.policy_of_speaker() is PicturePolicy.COUNT_ONLY
    for policy, seen, expected in (
        (PicturePolicy.BLURRED, False, PicturePolicy.BLURRED),
        (PicturePolicy.BLURRED, True, PicturePolicy.FULL),
        (PicturePolicy.COUNT_ONLY, True, PicturePolicy.COUNT_ONLY),
        (PicturePolicy.FULL, False, PicturePolicy.FULL),
    ):
        await rule.on_rules(RoomRules(policy=policy, keep_days=7, seen_by="Sở", tolerance=2, speaker_seen=seen))
        assert (rule.policy(), rule.policy_of_speaker()) == (policy, expected)


def test_a_file_that_nobody_can_read_lets_no_picture_out(tmp_path: Path) -> None:
    for spoilt in (b"", b"{", b'{"type":"RoomRules","policy":"everything"}'):
        (tmp_path / FILE).write_bytes(spoilt)
        assert RoomRule(tmp_path).policy() is PicturePolicy.COUNT_ONLY


async def test_a_disk_that_keeps_no_rule_does_not_bring_an_older_one_back(tmp_path: Path) -> None:
    rule = RoomRule(tmp_path)
    await rule.on_rules(FULL)
    (tmp_path / f"{FILE}.new").mkdir()
    await rule.on_rules(RoomRules(policy=PicturePolicy.COUNT_ONLY))
    assert rule.policy() is PicturePolicy.COUNT_ONLY
    assert RoomRule(tmp_path).policy() is PicturePolicy.COUNT_ONLY
