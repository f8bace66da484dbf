import hashlib
import hmac
from secrets import token_bytes

import msgspec
import pytest

from wire.ids import ExamId
from wire.roster import RosterEntry, new_pin, new_voucher, open_roster, pin_digest, pin_fits, seal_roster
from wire.seal import SealBroken, seal

EXAM, SITE = ExamId("exam-1"), bytes(32)


def entry(pin: str = "012345") -> RosterEntry:
    return RosterEntry("00017", "Nguyễn Thị Hoa", "101", pin_digest(SITE, EXAM, "00017", pin), new_voucher())


def test_a_roster_opens_only_at_its_site_and_exam() -> None:
    sealed = seal_roster(SITE, EXAM, [entry()])
    assert open_roster(SITE, EXAM, sealed)[0].name == "Nguyễn Thị Hoa"
    with pytest.raises(SealBroken):
        open_roster(b"\1" * 32, EXAM, sealed)
    with pytest.raises(SealBroken):
        open_roster(SITE, ExamId("exam-2"), sealed)


def test_only_the_right_pin_fits() -> None:
    assert pin_fits(entry("012345"), SITE, EXAM, "012345")
    assert not pin_fits(entry("012345"), SITE, EXAM, "012346")
    assert not pin_fits(entry("012345"), SITE, "exam-2", "012345")


def test_a_pin_has_six_digits() -> None:
    assert all(len(pin) == 6 and pin.isdigit() for pin in (new_pin() for _ in range(50)))


def test_the_roster_of_a_central_desk_fits_one_message() -> None:
    entries = [
        RosterEntry(f"{10_000 + place}", f"Nguyễn Thị Hồng Nhung {place}", "101", token_bytes(32), token_bytes(16))
        for place in range(10_000)
    ]
    sealed = seal_roster(SITE, EXAM, entries)
    assert open_roster(SITE, EXAM, sealed) == entries
    assert len(sealed) < 900 << 10


def test_a_roster_sealed_before_rosters_were_packed_still_opens() -> None:
    entry = RosterEntry("10001", "Nguyễn Thị Hồng Nhung", "101", bytes(32), bytes(16))
    key = hmac.new(SITE, b"diemcau roster key v1", hashlib.sha256).digest()
    sealed = seal(key, msgspec.msgpack.encode([entry]), b"diemcau roster v1\0" + EXAM.encode())
    assert open_roster(SITE, EXAM, sealed) == [entry]
