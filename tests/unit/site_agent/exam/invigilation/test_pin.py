"""The invigilator's PIN and cookie."""

from pathlib import Path

import pytest

from site_agent.exam.invigilation.pin import SIGNED_IN_S, InvigilatorPin, PinUnfit
from wire.exam_fairness import InvigilatorPinReset


@pytest.mark.parametrize("pin", ["", "12345", "111111", "12345a", "1234567890123", "１２３４５６"])
def test_a_pin_that_is_easily_guessed_is_refused(tmp_path: Path, pin: str) -> None:
    kept = InvigilatorPin(tmp_path)
    with pytest.raises(PinUnfit):
        kept.choose(pin)
    assert not kept.is_set


def test_pin_and_cookie_outlive_the_program_and_a_new_pin_ends_all_cookies(tmp_path: Path) -> None:
    kept = InvigilatorPin(tmp_path)
    kept.choose("204815")
    cookie = kept.cookie("Lò Thị Hà. Mai", 1000.0)
    again = InvigilatorPin(tmp_path)
    assert again.fits("204815")
    assert not again.fits("204816")
    assert again.who(cookie, 1001.0) == "Lò Thị Hà. Mai"
    assert again.who(cookie, 1000.0 + SIGNED_IN_S) is None
    again.choose("938271")
    assert again.who(cookie, 1001.0) is None


@pytest.mark.parametrize("forged", ["", "x", "..", "SGE=.99999999999.00", "SGE=.abc.đ"])
def test_a_forged_cookie_names_nobody(tmp_path: Path, forged: str) -> None:
    kept = InvigilatorPin(tmp_path)
    kept.choose("204815")
    assert kept.who(forged, 0.0) is None


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    kept = InvigilatorPin(tmp_path)
    kept.choose("204815")
    (file,) = tmp_path.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert b"204815" not in file.read_bytes()


async def test_a_pin_that_the_province_resets_ends_every_session_and_may_be_chosen_anew(tmp_path: Path) -> None:
    pin = InvigilatorPin(tmp_path)
    pin.choose("204815")
    old = pin.cookie("Lò Thị Hà", 0)
    await pin.on_reset(InvigilatorPinReset(by="ann"))
    assert not pin.is_set
    assert not InvigilatorPin(tmp_path).is_set
    assert (pin.fits("204815"), pin.who(old, 1)) == (False, None)
    pin.choose("204815")
    assert pin.who(old, 1) is None
