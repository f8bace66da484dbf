"""The centre's own keys on disk."""

from pathlib import Path

import pytest

from orchestrator.sites.centre_keys import KeysBroken, load_keys
from orchestrator.sites.secret import new_sealed_secret, open_secret
from wire.ids import SiteId
from wire.seal import SealBroken


def test_keys_are_made_once_and_stay(tmp_path: Path) -> None:
    first, second = load_keys(tmp_path), load_keys(tmp_path)
    assert first.link_public() == second.link_public()
    assert first.exam_public() == second.exam_public()
    assert first.at_rest == second.at_rest
    assert len({first.link_public(), first.exam_public(), first.at_rest}) == 3


def test_only_the_owner_reads_them(tmp_path: Path) -> None:
    load_keys(tmp_path)
    files = sorted((tmp_path / "keys").iterdir())
    assert [file.name for file in files] == ["at_rest.key", "box.key", "exam.key", "link.key"]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert (tmp_path / "keys").stat().st_mode & 0o077 == 0


def test_a_damaged_key_is_never_replaced(tmp_path: Path) -> None:
    load_keys(tmp_path)
    (tmp_path / "keys" / "link.key").write_bytes(b"short")
    with pytest.raises(KeysBroken, match=r"link\.key holds 5 bytes"):
        load_keys(tmp_path)
    assert (tmp_path / "keys" / "link.key").read_bytes() == b"short"


def test_a_site_secret_opens_with_the_right_key_for_the_right_site_only() -> None:
    mine, other = SiteId("site-a"), SiteId("site-b")
    sealed = new_sealed_secret(b"k" * 32, mine)
    assert len(open_secret(b"k" * 32, mine, sealed)) == 32
    for key, site in ((b"x" * 32, mine), (b"k" * 32, other)):
        with pytest.raises(SealBroken):
            open_secret(key, site, sealed)
