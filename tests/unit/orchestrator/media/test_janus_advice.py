"""What a Janus server's own word says about its settings."""

from __future__ import annotations

from orchestrator.media.janus.advice import advice

WELL = {
    "version": 1102,
    "version_string": "1.1.2",
    "plugins": {"janus.plugin.videoroom": {}},
    "ice-keepalive-conncheck": True,
    "reclaim-session-timeout": 15,
    "api_secret": True,
}


def test_a_server_set_as_the_guide_says_hears_nothing() -> None:
    assert advice(WELL) == []


def test_each_fault_is_named_with_the_setting_that_mends_it() -> None:
    for key, value, word in (
        ("version", 1000, "1.1.2"),
        ("plugins", {}, "VideoRoom"),
        ("ice-keepalive-conncheck", False, "ice_keepalive_conncheck"),
        ("reclaim-session-timeout", 0, "reclaim_session_timeout"),
        ("api_secret", False, "api_secret"),
    ):
        (said,) = advice(WELL | {key: value})
        assert word in said
        assert " / " in said


def test_a_server_that_tells_nothing_is_told_everything() -> None:
    assert len(advice({})) == 5
