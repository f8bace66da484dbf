"""The relay's command line."""

from __future__ import annotations

import time

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from orchestrator.clock import CentreClock
from orchestrator.media.relay.main import Usage, parser, read_plan, run
from orchestrator.media.tokens import public_text

DAY_NS = 24 * 3600 * 10**9
TOKEN_KEY = public_text(Ed25519PrivateKey.generate().public_key())


def faults(*argv: str, environment: dict[str, str] | None = None) -> list[str]:
    try:
        read_plan(parser().parse_args(list(argv)), environment or {})
    except Usage as error:
        return error.faults
    return []


def test_an_open_relay_is_refused_on_a_public_address() -> None:
    assert faults("--bind", "127.0.0.1", "--open") == []
    assert faults("--bind", "10.0.0.1", "--open") == []
    (fault,) = faults("--bind", "203.0.113.9", "--open")
    assert "203.0.113.9" in fault
    assert faults("--bind", "10.0.0.1", "--announce", "203.0.113.9", "--open") != []
    assert faults("--bind", "203.0.113.9", "--open", f"--token-key={TOKEN_KEY}") == []


def test_a_relay_is_open_or_has_a_key() -> None:
    assert faults("--bind", "127.0.0.1") == ["either --token-key or --open is needed"]
    assert faults("--bind", "127.0.0.1", environment={"DIEMCAU_RELAY__TOKEN_KEY": TOKEN_KEY}) == []
    assert len(faults("--bind", "127.0.0.1", "--token-key", "no key")) == 1


def test_all_faults_are_told_at_once() -> None:
    assert len(faults("--bind", "nowhere", "--udp-port", "70000", "--http-port", "-1")) == 4


def test_wrong_usage_ends_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--bind", "203.0.113.9", "--open"]) == 2
    assert run(["--no-such-option"]) == 2
    assert "203.0.113.9" in capsys.readouterr().err


def test_a_worker_goes_by_the_clock_of_its_centre() -> None:
    """Two days ahead of the wall clock, which somebody has set back since the centre began."""
    anchor = {"DIEMCAU_RELAY__CLOCK_ANCHOR": str(int(CentreClock().anchor) + 2 * DAY_NS)}
    plan = read_plan(parser().parse_args(["--open"]), anchor)
    assert 2 * DAY_NS - DAY_NS // 24 < plan.clock.now_ns() - time.time_ns() < 2 * DAY_NS + DAY_NS // 24
    assert len(faults("--open", environment={"DIEMCAU_RELAY__CLOCK_ANCHOR": "yesterday"})) == 1


def test_turn_needs_a_secret_and_an_address_that_is_one() -> None:
    turn = ("--open", "--turn-url", "turn:t.example:3478?transport=tcp")
    assert len(faults(*turn)) == 1
    assert faults(*turn, environment={"DIEMCAU_RELAY__TURN_SECRET": "s" * 16}) == []
    assert len(faults("--open", "--turn-url", "http://t", environment={"DIEMCAU_RELAY__TURN_SECRET": "s" * 16})) == 1
