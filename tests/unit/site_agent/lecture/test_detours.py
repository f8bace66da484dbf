"""Which way is asked for next."""

from __future__ import annotations

from site_agent.lecture.detours import Detours, class_of, turn_servers

LINKS = (
    '<stun:s.example>; rel="ice-server", <turn:t.example>; rel="ice-server"; username="1:a"; credential="x"; '
    'credential-type="password", <turns:t.example:443>; rel="ice-server"; username="1:a"; credential="y="; '
    'credential-type="password", <turn:t.example?transport=tcp>; rel="ice-server"; username="1:a"; credential="z"'
)


def test_detours_over_udp_tcp_and_tls_are_found_in_this_order() -> None:
    found = turn_servers(LINKS)
    assert [(one.urls, one.username, one.credential) for one in found] == [
        ("turn:t.example", "1:a", "x"),
        ("turn:t.example?transport=tcp", "1:a", "z"),
        ("turns:t.example:443", "1:a", "y="),
    ]
    assert class_of("turn:t.example") == "turn"


def test_each_way_is_tried_in_turn_and_one_that_stands_is_kept() -> None:
    detours, tried = Detours(), []
    assert detours.servers == []
    detours.heard(LINKS)
    for _ in range(5):
        tried.append([one.urls for one in detours.servers])
        detours.heard(LINKS)
        detours.failed()
    assert tried == [[], ["turn:t.example"], ["turn:t.example?transport=tcp"], ["turns:t.example:443"], []]
    detours.heard("")
    assert detours.servers[0].username == "1:a"


def test_where_no_detour_is_known_the_straight_way_is_tried_again() -> None:
    detours = Detours()
    detours.failed()
    assert detours.servers == []
