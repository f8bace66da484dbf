"""The words of a certificate: every check has its reasons, and every reason is a word that the wire takes."""

from __future__ import annotations

import msgspec

from wire.readiness import COMMON_REASONS, REASONS, Certificate, Check, CheckName, CheckState


def test_every_check_has_its_reasons() -> None:
    assert set(REASONS) == set(CheckName)


def test_no_reason_of_a_check_is_also_a_common_one() -> None:
    assert not {reason for reasons in REASONS.values() for reason in reasons} & set(COMMON_REASONS)


def test_a_certificate_with_every_check_and_its_longest_reason_goes_over_the_wire() -> None:
    checks = [
        Check(name=name, state=CheckState.BAD, reason=max(reasons, key=len), at_ns=1, figures={"up_kbps": 1.5})
        for name, reasons in REASONS.items()
    ]
    sent = Certificate(id="cert_1", at_ns=1, checks=checks)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(sent), type=Certificate) == sent
