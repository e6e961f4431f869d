"""A certificate authority of one run, and what it signed: a server at 127.0.0.1 and a client of it."""

import datetime as dt
import ipaddress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from marketplace_app.clock import SystemClock

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Certificates:
    """Paths of PEM files."""

    authority: Path
    server: Path
    server_key: Path
    client: Path
    client_key: Path

    @classmethod
    def at(cls, folder: Path) -> "Certificates":
        files = ("authority.pem", "server.pem", "server.key", "client.pem", "client.key")
        return cls(*(folder / file for file in files))

    @classmethod
    def make(cls, folder: Path, *, address: str = "127.0.0.1", is_over: bool = False) -> "Certificates":
        """A new authority; its server's certificate is for that address only, and may have expired."""
        folder.mkdir(parents=True, exist_ok=True)
        key = ec.generate_private_key(ec.SECP256R1())
        authority = _certificate("authority", key, key, None)
        _write(folder / "authority", authority, key)
        for name in ("server", "client"):
            own = ec.generate_private_key(ec.SECP256R1())
            _write(folder / name, _certificate(name, own, key, authority, _Terms(address, is_over)), own)
        return cls.at(folder)


@dataclass(frozen=True, slots=True)
class _Terms:
    address: str = "127.0.0.1"
    is_over: bool = False


_ORDINARY = _Terms()


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    issuer: x509.Certificate | None,
    terms: _Terms = _ORDINARY,
) -> x509.Certificate:
    now = dt.datetime.fromtimestamp(SystemClock().now(), dt.UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(terms.address))])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _DAY)
        .not_valid_after(now - _DAY / 24 if terms.is_over else now + _DAY)
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
    )
    return (builder.add_extension(names, critical=False) if issuer else builder).sign(signer, hashes.SHA256())


def _write(stem: Path, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
    stem.with_suffix(".pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    stem.with_suffix(".key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
