"""The identity file: whole or not at all, and nobody else's to read."""

import os
from pathlib import Path

import msgspec
import pytest

from site_agent.link.identity import FILE, Identity, NotPaired, load, save
from wire.ids import EnrolmentId, SiteId


def identity() -> Identity:
    return Identity(
        server="https://centre.example",
        site=SiteId("site-1"),
        site_code="DC01",
        site_name="Trường Tiểu học 1",
        enrolment=EnrolmentId("enrolment-1"),
        sign_key=bytes(range(32)),
        box_key=bytes(range(32)),
        centre_key=bytes(32),
        exam_key=bytes(32),
        site_secret=bytes(32),
    )


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    save(tmp_path / "home", identity())
    assert load(tmp_path / "home") == identity()


def test_only_the_owner_can_read_the_keys(tmp_path: Path) -> None:
    save(tmp_path, identity())
    assert os.stat(tmp_path / FILE).st_mode & 0o777 == 0o600


def test_a_file_that_others_can_read_is_closed_to_them(tmp_path: Path) -> None:
    save(tmp_path, identity())
    (tmp_path / FILE).chmod(0o644)
    load(tmp_path)
    assert os.stat(tmp_path / FILE).st_mode & 0o777 == 0o600


def test_pairing_again_replaces_the_file(tmp_path: Path) -> None:
    save(tmp_path, identity())
    save(tmp_path, msgspec.structs.replace(identity(), site_code="DC02"))
    assert load(tmp_path).site_code == "DC02"
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_without_a_file_the_computer_is_not_paired(tmp_path: Path) -> None:
    with pytest.raises(NotPaired, match="does not exist"):
        load(tmp_path)


@pytest.mark.parametrize("octets", [b"", b"{}", b"\xff", msgspec.json.encode({"server": 1})])
def test_a_damaged_file_is_said_to_be_damaged(tmp_path: Path, octets: bytes) -> None:
    (tmp_path / FILE).write_bytes(octets)
    with pytest.raises(NotPaired, match="damaged"):
        load(tmp_path)
