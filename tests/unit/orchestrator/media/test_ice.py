"""Telling where help is: Link headers, and credentials that end."""

from __future__ import annotations

from orchestrator.media.ice import IceServers, credentials, faults_of, link

SECRET = "a-secret-of-the-test"


def test_servers_without_and_with_credentials_are_told_as_links() -> None:
    assert link("stun:stun.example:3478") == '<stun:stun.example:3478>; rel="ice-server"'
    assert link("turn:t.example", "u", "p").endswith('username="u"; credential="p"; credential-type="password"')


def test_credentials_are_those_that_coturn_computes() -> None:
    # echo -n 1700000000:site-7 | openssl dgst -binary -sha1 -hmac a-secret-of-the-test | base64
    assert credentials(SECRET, "site-7", 1_700_000_000) == ("1700000000:site-7", "VpgoJRkheI0gxGvvWk7fIe8Fv84=")


def test_every_answer_names_servers_with_credentials_of_its_own() -> None:
    servers = IceServers(("stun:s.example", "turn:old.example,u,p"), ("turn:t.example", "turns:t.example"), SECRET, 2)
    links = servers.links('si"te\r\n:7', 1000.0)
    assert [one.partition(">")[0] for one in links] == [
        "<stun:s.example",
        "<turn:old.example",
        "<turn:t.example",
        "<turns:t.example",
    ]
    assert 'username="8200:si-te---7"' in links[2]


def test_what_is_wrong_is_named() -> None:
    assert faults_of(IceServers(), "") == []
    assert len(faults_of(IceServers(turn_urls=("http://t", "turns:t?transport=udp"), turn_hours=0), "media.")) == 4
