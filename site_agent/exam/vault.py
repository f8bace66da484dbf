"""The vault: signed plans, sealed papers, the roster, and the release secret once it is out. SQLite, one thread.

A plan enters only if the exam key pinned at pairing signed it, a paper only under its digest, a secret only if the
manifest names its digest. What is in here opens nothing before the release.
"""

import asyncio
import hashlib
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar

import msgspec

from site_agent.exam.window import Release
from wire.exam_release import ExamSwitch, switch_is_signed
from wire.ids import ExamId
from wire.messages import ExamPlan
from wire.order import Unsealed, unseal_paper
from wire.paper import Manifest, ManifestRefused, PaperFault, turned_to_reserve, verify_manifest
from wire.roster import RosterEntry, open_roster
from wire.seal import SealBroken, release_digest, unwrap_key

_SCHEMA = """
CREATE TABLE IF NOT EXISTS plan(exam TEXT PRIMARY KEY, version INTEGER NOT NULL, body BLOB NOT NULL,
  cancelled INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE IF NOT EXISTS paper(digest BLOB PRIMARY KEY, sealed BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS release(exam TEXT PRIMARY KEY, secret BLOB NOT NULL, body BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS reserve(exam TEXT PRIMARY KEY, secret BLOB NOT NULL, opens_ns INTEGER NOT NULL,
  body BLOB NOT NULL) STRICT;
"""

T = TypeVar("T")


class VaultRefused(Exception):
    """Something that must not enter the vault or cannot be opened. `code`: manifest, older, roster, digest, secret,
    switch, wrap, disk."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Held(msgspec.Struct, frozen=True):
    """One exam as the vault holds it. `manifest` is the one in force: once the site has `turned` to the reserve paper,
    its papers and secret stand in it; `signed` is what the centre signed. `missing`: papers of the one in force;
    `spare_missing`: those of the reserve."""

    manifest: Manifest
    wraps: dict[str, bytes]
    roster: list[RosterEntry]
    cancelled: bool
    secret: bytes | None
    release: Release | None
    missing: list[bytes]
    spare_missing: list[bytes] = []
    turned: bool = False
    signed: Manifest | None = None

    @property
    def as_signed(self) -> Manifest:
        """The manifest as the centre signed it."""
        return self.signed or self.manifest


class Vault:
    """The vault of one site. `site_secret`: 32 bytes; `exam_key`: raw Ed25519 public key."""

    def __init__(self, path: Path, site_secret: bytes, exam_key: bytes) -> None:
        self._path = path
        self._site_secret = site_secret
        self._exam_key = exam_key
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="vault")
        self._conn: sqlite3.Connection | None = None

    @property
    def site_secret(self) -> bytes:
        """The secret that this site's rosters and wraps are under."""
        return self._site_secret

    async def start(self) -> None:
        """Open the file."""
        await self._do(lambda conn: conn.executescript(_SCHEMA))

    async def stop(self) -> None:
        """Close the file."""
        if self._conn is not None:
            await self._do(lambda conn: conn.close())
        self._thread.shutdown(wait=True)

    async def keep_plan(self, plan: ExamPlan) -> Manifest:
        """Verify and keep a plan; the same or an older version than held changes nothing but wraps and roster of the
        same version. Raises `VaultRefused`."""
        manifest = self._verified(plan)
        self._roster(manifest.exam, plan.sealed_roster)
        body = msgspec.msgpack.encode(plan)

        def work(conn: sqlite3.Connection) -> None:
            held = conn.execute("SELECT version FROM plan WHERE exam=?", (manifest.exam,)).fetchone()
            if held and held[0] > manifest.version:
                raise VaultRefused("older", f"version {manifest.version} after {held[0]}")
            conn.execute(
                "INSERT INTO plan(exam, version, body) VALUES (?,?,?) "
                "ON CONFLICT(exam) DO UPDATE SET version=excluded.version, body=excluded.body",
                (manifest.exam, manifest.version, body),
            )

        await self._do(work)
        return manifest

    async def keep_paper(self, digest: bytes, sealed: bytes) -> None:
        """Keep a sealed paper under its SHA-256; raises `VaultRefused`."""
        if hashlib.sha256(sealed).digest() != digest:
            raise VaultRefused("digest", "the paper is not the one that the manifest names")
        await self._do(lambda conn: conn.execute("INSERT OR REPLACE INTO paper VALUES (?,?)", (digest, sealed)))

    async def keep_release(self, exam: ExamId, secret: bytes, release: Release) -> Release:
        """Keep the secret with the first way it came; raises `VaultRefused` if the manifest names another."""
        held = await self.held(exam)
        if held is None or held.turned or release_digest(secret) != held.manifest.release_sha256:
            raise VaultRefused("secret", "this is not the release secret of the exam")
        if held.secret == secret and held.release is not None and release.source is held.release.source:
            return held.release
        row = (exam, secret, msgspec.msgpack.encode(release))
        await self._do(lambda conn: conn.execute("INSERT OR REPLACE INTO release VALUES (?,?,?)", row))
        return release

    async def keep_reserve(self, exam: ExamId, switch: ExamSwitch, release: Release, *, typed: bool = False) -> None:
        """Keep the order to sit the reserve paper; the first one stands. A typed code proves itself, its moment is this
        site's own; otherwise the exam key must have signed the moment. Raises `VaultRefused`."""
        held = await self.held(exam)
        if held is None or not held.as_signed.reserve_sha256:
            raise VaultRefused("switch", "this exam has no reserve paper")
        if release_digest(switch.secret) != held.as_signed.reserve_sha256:
            raise VaultRefused("secret", "this is not the secret of the reserve paper")
        if not typed and not switch_is_signed(self._exam_key, exam, switch.opens_ns, switch.signature):
            raise VaultRefused("switch", "the exam key did not sign when the reserve opens")
        row = (exam, switch.secret, switch.opens_ns, msgspec.msgpack.encode(release))
        await self._do(lambda conn: conn.execute("INSERT OR IGNORE INTO reserve VALUES (?,?,?,?)", row))

    async def damaged(self, exam: ExamId) -> list[bytes]:
        """Read every paper of the exam again; one that is no longer what its digest says is thrown away. Returns the
        digests of these."""
        held = await self.held(exam)
        names = [] if held is None else [*held.as_signed.papers.values(), *held.as_signed.reserve_papers.values()]

        def work(conn: sqlite3.Connection, digest: bytes) -> bool:
            if not _has(conn, digest) or hashlib.sha256(_sealed(conn, digest)).digest() == digest:
                return False
            conn.execute("DELETE FROM paper WHERE digest=?", (digest,))
            return True

        # One at a time: a secret that arrives meanwhile must not wait for the whole check.
        return [digest for digest in names if await self._do(partial(work, digest=digest))]

    async def cancel(self, exam: ExamId) -> None:
        """Remember that the exam does not take place."""
        await self._do(lambda conn: conn.execute("UPDATE plan SET cancelled=1 WHERE exam=?", (exam,)))

    async def exams(self) -> list[ExamId]:
        """All exams with a plan here."""
        return await self._do(lambda conn: [ExamId(row[0]) for row in conn.execute("SELECT exam FROM plan")])

    async def held(self, exam: ExamId) -> Held | None:
        """What the vault holds of an exam; None without a plan."""

        def work(conn: sqlite3.Connection) -> Held | None:
            row = conn.execute("SELECT body, cancelled FROM plan WHERE exam=?", (exam,)).fetchone()
            if row is None:
                return None
            plan = msgspec.msgpack.decode(row[0], type=ExamPlan)
            manifest = self._verified(plan)
            turned = _turned(conn, manifest)
            force = manifest if turned is None else turned_to_reserve(manifest, turned[1])
            out = turned or conn.execute("SELECT secret, 0, body FROM release WHERE exam=?", (exam,)).fetchone()
            fits = out is not None and release_digest(out[0]) == force.release_sha256
            return Held(
                manifest=force,
                wraps=plan.wraps,
                roster=self._roster(manifest.exam, plan.sealed_roster),
                cancelled=bool(row[1]),
                secret=out[0] if fits else None,
                release=msgspec.msgpack.decode(out[2], type=Release) if fits else None,
                missing=[d for d in force.papers.values() if not _has(conn, d)],
                spare_missing=[d for d in manifest.reserve_papers.values() if not _has(conn, d)],
                turned=turned is not None,
                signed=manifest,
            )

        return await self._do(work)

    async def papers(self, exam: ExamId) -> dict[str, Unsealed]:
        """Every code's paper, opened; raises `VaultRefused` without the secret or a paper."""
        held = await self.held(exam)
        if held is None or held.secret is None or held.missing:
            raise VaultRefused("secret", "the exam is not released here, or not complete")
        secret, opened = held.secret, {}
        for code, digest in held.manifest.papers.items():
            sealed = await self._do(lambda conn, d=digest: _sealed(conn, d))  # type: ignore[misc]
            opened[code] = await asyncio.to_thread(self._open, exam, code, secret, held.wraps.get(code, b""), sealed)
        return opened

    def _open(self, exam: ExamId, code: str, secret: bytes, wrap: bytes, sealed: bytes) -> Unsealed:
        try:
            key = unwrap_key(secret, self._site_secret, exam, code, wrap)
            return unseal_paper(key, sealed)
        except (SealBroken, PaperFault) as fault:
            raise VaultRefused("wrap", str(fault)) from fault

    def _verified(self, plan: ExamPlan) -> Manifest:
        try:
            return verify_manifest(self._exam_key, plan.manifest, plan.signature)
        except ManifestRefused as fault:
            raise VaultRefused("manifest", str(fault)) from fault

    def _roster(self, exam: ExamId, sealed: bytes) -> list[RosterEntry]:
        try:
            return open_roster(self._site_secret, exam, sealed)
        except SealBroken as fault:
            raise VaultRefused("roster", str(fault)) from fault

    async def _do(self, work: Callable[[sqlite3.Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._in_thread, work)

    def _in_thread(self, work: Callable[[sqlite3.Connection], T]) -> T:
        if self._conn is None:
            self._conn = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
            self._conn.execute("PRAGMA journal_mode=WAL")
            self._conn.execute("PRAGMA synchronous=FULL")
        try:
            return work(self._conn)
        except sqlite3.Error as fault:
            raise VaultRefused("disk", str(fault)) from fault


def _turned(conn: sqlite3.Connection, manifest: Manifest) -> tuple[bytes, int, bytes] | None:
    row = conn.execute("SELECT secret, opens_ns, body FROM reserve WHERE exam=?", (manifest.exam,)).fetchone()
    fits = row is not None and release_digest(row[0]) == manifest.reserve_sha256
    return (row[0], row[1], row[2]) if fits else None


def _has(conn: sqlite3.Connection, digest: bytes) -> bool:
    return conn.execute("SELECT 1 FROM paper WHERE digest=?", (digest,)).fetchone() is not None


def _sealed(conn: sqlite3.Connection, digest: bytes) -> bytes:
    row = conn.execute("SELECT sealed FROM paper WHERE digest=?", (digest,)).fetchone()
    return bytes(row[0])
