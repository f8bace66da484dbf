"""Who asks through a proxy."""

from __future__ import annotations

import pytest

from wire.forwarded import asker, proxies

OURS = proxies(["127.0.0.1", "10.1.0.0/16", "::1"])


def test_without_a_proxy_the_peer_asks() -> None:
    assert asker("203.0.113.9", [], OURS) == "203.0.113.9"


def test_a_stranger_cannot_speak_for_another() -> None:
    assert asker("203.0.113.9", ["198.51.100.1"], OURS) == "203.0.113.9"


def test_a_trusted_proxy_says_whom_it_asks_for() -> None:
    assert asker("127.0.0.1", ["198.51.100.1"], OURS) == "198.51.100.1"


def test_what_the_asker_wrote_before_the_proxy_is_not_believed() -> None:
    assert asker("127.0.0.1", ["8.8.8.8, 198.51.100.1"], OURS) == "198.51.100.1"
    assert asker("127.0.0.1", ["8.8.8.8", "198.51.100.1"], OURS) == "198.51.100.1"


def test_a_row_of_our_own_proxies_is_passed_through() -> None:
    assert asker("::1", ["198.51.100.1, 10.1.2.3"], OURS) == "198.51.100.1"


def test_a_proxy_that_says_nothing_asks_for_itself() -> None:
    assert asker("10.1.2.3", [], OURS) == "10.1.2.3"


def test_words_that_are_no_address_are_not_believed() -> None:
    assert asker("127.0.0.1", ["unknown"], OURS) == "127.0.0.1"


def test_a_network_that_is_none_is_named() -> None:
    with pytest.raises(ValueError, match=r"10\.1\.0\.0/99"):
        proxies(["10.1.0.0/99"])
