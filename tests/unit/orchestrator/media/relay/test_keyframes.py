"""Merging keyframe requests."""

from __future__ import annotations

from orchestrator.media.relay.keyframes import KeyframeRequests


def test_many_wishes_become_one_request_an_interval() -> None:
    requests = KeyframeRequests(0.5)
    sent = 0
    for n in range(200):
        requests.want()
        sent += requests.due(n * 0.01)
    assert sent == 4


def test_a_wish_within_the_interval_is_kept() -> None:
    requests = KeyframeRequests(0.5)
    requests.want()
    assert requests.due(0.0)
    requests.want()
    assert not requests.due(0.4)
    assert requests.due(0.5)
    assert not requests.due(2.0)


def test_a_keyframe_fulfils_the_wishes() -> None:
    requests = KeyframeRequests(0.5)
    requests.want()
    requests.seen()
    assert not requests.due(0.0)


def test_a_new_publisher_is_asked_at_once() -> None:
    requests = KeyframeRequests(0.5)
    requests.want()
    assert requests.due(0.0)
    requests.forget()
    requests.want()
    assert requests.due(0.01)
