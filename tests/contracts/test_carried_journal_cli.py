"""A site's computer writes its journal onto a stick, and the centre's own computer takes it in: two programs, files
between them."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from orchestrator.sites import store as site_store
from orchestrator.sites.centre_keys import load_keys
from orchestrator.sites.model import Enrolment
from orchestrator.storage.engine import Connection, Database
from orchestrator.storage.schema import sites as tables
from site_agent.exam.journal import Journal
from site_agent.exam.second_copy import SUFFIX, copy_key
from site_agent.exam.second_volume import SecondVolume
from site_agent.link.identity import Identity, save
from tests.doubles.exam_drafts import draft, seat
from wire.ids import EnrolmentId, SiteId

SITE, ENROLMENT = SiteId("site-1"), EnrolmentId("enrolment-1")


def ran(module: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )


@pytest.fixture
async def home(tmp_path: Path) -> Path:
    """A paired computer with three events in its journal and a second copy; the centre knows its key."""
    sign = Ed25519PrivateKey.generate()
    keys = load_keys(tmp_path / "centre")
    database = await Database.open(f"sqlite:///{tmp_path / 'centre' / 'diemcau.sqlite3'}")

    def work(conn: Connection) -> None:
        conn.execute(sa.insert(tables.places).values(id="place-1", kind="commune", name="Xã"))
        site = {"id": SITE, "code": "DC01", "name": "Trường", "level": "thcs", "place": "place-1", "expected": 2}
        conn.execute(sa.insert(tables.sites).values(**site, contact="", phone="", sealed_secret=b"x"))
        public = sign.public_key().public_bytes_raw()
        site_store.insert_enrolment(conn, Enrolment(ENROLMENT, SITE, public, b"b" * 32, "1", "test", 1))

    await database.write(work)
    await database.close()
    folder = tmp_path / "site"
    identity = Identity(
        server="http://127.0.0.1", site=SITE, site_code="DC01", site_name="Trường", enrolment=ENROLMENT,
        sign_key=sign.private_bytes_raw(), box_key=b"b" * 32, centre_key=keys.link_public(),
        exam_key=keys.exam_public(), site_secret=b"s" * 32, centre_box=keys.box_public(),
    )  # fmt: skip
    save(folder, identity)
    (tmp_path / "stick").mkdir()
    journal = Journal(folder / "journal.sqlite3")
    await journal.start()
    second = SecondVolume(journal, copy_key(identity.site_secret), lambda: tmp_path / "stick")
    await second.look()
    await seat(journal)
    for seq in (1, 2):
        await journal.append(draft(seq, f"i{seq}"))
    second.stop()
    await journal.stop()
    return folder


async def test_a_journal_goes_from_a_stick_into_the_centre_and_back_from_its_copy(home: Path, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    written = ran("site_agent.cli", "--home", str(home), "journal", "export", str(stick))
    assert written.returncode == 0, written.stderr
    (file,) = stick.glob("*.diemcau")
    assert written.stdout.strip() == str(file)
    centre = {"DIEMCAU_STORAGE__FOLDER": str(tmp_path / "centre")}
    taken = ran("orchestrator.cli", "exam", "import-journal", str(file), **centre)
    # The exam is unknown to this centre: nothing is lost of it, a person sees it.
    assert (taken.returncode, taken.stdout) == (0, "0 new, 3 known, 3 conflicts\n"), taken.stderr
    file.write_bytes(file.read_bytes()[:-20])
    cut = ran("orchestrator.cli", "exam", "import-journal", str(file), **centre)
    assert cut.returncode == 1
    assert "cut_short" in cut.stderr

    for lost in home.glob("journal.sqlite3*"):
        lost.unlink()
    (copy,) = stick.glob(f"*{SUFFIX}")
    back = ran("site_agent.cli", "--home", str(home), "journal", "restore", str(copy))
    assert back.returncode == 0, back.stderr
    assert "3 bản ghi" in back.stdout
    journal = Journal(home / "journal.sqlite3")
    await journal.start()
    assert len((await journal.past()).entries) == 3
    await journal.stop()
    nowhere = ran("site_agent.cli", "--home", str(home), "journal", "export", str(tmp_path / "no-such-folder"))
    assert nowhere.returncode == 1


def test_a_computer_paired_before_boxes_says_so(home: Path, tmp_path: Path) -> None:
    content = msgspec.json.decode((home / "identity.json").read_bytes())
    del content["centre_box"]
    (home / "identity.json").write_bytes(msgspec.json.encode(content))
    refused = ran("site_agent.cli", "--home", str(home), "journal", "export", str(tmp_path))
    assert refused.returncode == 1
    assert "pair this computer again" in refused.stderr
