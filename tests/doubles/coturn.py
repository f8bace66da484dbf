"""The real coturn (Debian) with a shared secret, over UDP, TCP and TLS. Its certificate is its own."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import socket
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager, suppress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

TURNSERVER = "turnserver"
SECRET = "a-secret-that-only-tests-know"
STARTS_WITHIN_S = 20.0


class Coturn:
    """Where it listens; ``certificate``: what a program must trust to speak TLS with it."""

    def __init__(self, host: str, port: int, tls_port: int, certificate: Path) -> None:
        self.host, self.port, self.tls_port, self.certificate = host, port, tls_port, certificate

    @property
    def urls(self) -> tuple[str, ...]:
        """UDP, TCP and TLS."""
        plain = f"turn:{self.host}:{self.port}"
        return (plain, f"{plain}?transport=tcp", f"turns:{self.host}:{self.tls_port}?transport=tcp")


@asynccontextmanager
async def coturn(folder: Path, host: str = "127.0.0.1") -> AsyncIterator[Coturn]:
    """Start it; returns once it listens. Whom it may reach: ``host`` alone."""
    certificate, key = _certificate(folder, host)
    port, tls_port = _free_ports(host)
    command = [TURNSERVER, "-n", "--no-cli", "--log-file", "stdout", "--simple-log", "--realm", "diemcau"]
    command += ["--listening-ip", host, "--relay-ip", host, "--allow-loopback-peers", "--no-multicast-peers"]
    command += ["--listening-port", str(port), "--tls-listening-port", str(tls_port), "--no-dtls", "--fingerprint"]
    command += ["--use-auth-secret", "--static-auth-secret", SECRET, "--cert", str(certificate), "--pkey", str(key)]
    command += ["--pidfile", str(folder / "turnserver.pid"), "--userdb", str(folder / "turndb")]
    with (folder / "coturn.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(*command, stdout=log, stderr=log, cwd=folder)
    try:
        for one in (port, tls_port):
            await _listens(host, one)
        yield Coturn(host, port, tls_port, certificate)
    finally:
        process.terminate()
        await process.wait()


async def _listens(host: str, port: int) -> None:
    async with asyncio.timeout(STARTS_WITHIN_S):
        while True:
            try:
                _, writer = await asyncio.open_connection(host, port)
            except OSError:
                await asyncio.sleep(0.05)
                continue
            writer.close()
            return


def _free_ports(host: str) -> tuple[int, int]:
    """Two that are free for UDP and for TCP, held at once so that they are not the same."""
    with ExitStack() as held:

        def both() -> int:
            while True:
                over_udp = held.enter_context(socket.socket(type=socket.SOCK_DGRAM))
                over_udp.bind((host, 0))
                port = int(over_udp.getsockname()[1])
                over_tcp = held.enter_context(socket.socket())
                with suppress(OSError):
                    over_tcp.bind((host, port))
                    return port

        return both(), both()


def _certificate(folder: Path, host: str) -> tuple[Path, Path]:
    """A certificate for the address, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "coturn of the test")])
    now = datetime.datetime.now(datetime.UTC)
    day = datetime.timedelta(days=1)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))])
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + day)
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "coturn-certificate.pem", folder / "coturn-key.pem"
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate, private
