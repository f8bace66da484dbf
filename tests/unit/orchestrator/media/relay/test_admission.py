"""Who may touch a stream, and where the relay may stand open."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from orchestrator.media.relay.admission import Admission, public_among
from orchestrator.media.tokens import Right, StreamToken, sign

KEY = Ed25519PrivateKey.generate()
GOOD = "Bearer " + sign(StreamToken("s", "s-lecture", Right.VIEW, "x", 1000), KEY)


def test_private_addresses_are_told_from_public_ones() -> None:
    private = ["127.0.0.1", "10.1.2.3", "172.20.0.1", "192.168.1.1", "169.254.3.4", "fe80::1%eth0", "fd00::1", "::1"]
    public = ["8.8.8.8", "203.0.113.5", "172.32.0.1", "2001:db8::1"]
    assert public_among(private + public) == public


def test_an_open_relay_admits_everybody() -> None:
    assert Admission(None, lambda: 0).judge(None, "any", Right.PUBLISH, fresh=True) is None


@pytest.mark.parametrize(
    ("header", "stream", "right", "now", "status"),
    [
        (GOOD, "s-lecture", Right.VIEW, 999, None),
        (GOOD.replace("Bearer", "bearer"), "s-lecture", Right.VIEW, 999, None),
        (None, "s-lecture", Right.VIEW, 999, 401),
        ("Basic abc", "s-lecture", Right.VIEW, 999, 401),
        ("Bearer ", "s-lecture", Right.VIEW, 999, 401),
        (GOOD, "s-lecture", Right.VIEW, 1000, 401),
        (GOOD, "s-lecture", Right.PUBLISH, 999, 403),
        (GOOD, "t-lecture", Right.VIEW, 999, 403),
    ],
)
def test_a_token_is_good_for_its_stream_right_and_time(
    header: str | None, stream: str, right: Right, now: int, status: int | None
) -> None:
    denied = Admission(KEY.public_key(), lambda: now).judge(header, stream, right, fresh=True)
    assert (denied.status if denied else None) == status


def test_an_expired_token_still_ends_its_session() -> None:
    assert Admission(KEY.public_key(), lambda: 5000).judge(GOOD, "s-lecture", Right.VIEW, fresh=False) is None
