"""What a server with security needs: a certificate authority, a certificate for this machine, a user."""

import base64
import datetime as dt
import hashlib
import ipaddress
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "portal", "a-password-for-tests-only"
_ROUNDS = 10_000


@dataclass(frozen=True, slots=True)
class Credentials:
    """What opens a secured server, and an authority that does not vouch for it."""

    user: str
    password: str
    ca_certs: Path
    strangers_ca_certs: Path
    # Empty until the server runs: it is made through the API.
    api_key: str = ""


def write_security(conf: Path) -> tuple[list[str], Credentials]:
    """Write keys, certificates and the user into the configuration; return the lines of settings that go with them."""
    ca_key, ca = _authority("Kompetenceportalen tests")
    _strangers_key, stranger = _authority("Somebody else")
    key, certificate = _server(ca_key, ca)
    for name, one in {"ca.crt": ca, "stranger.crt": stranger, "http.crt": certificate}.items():
        (conf / name).write_bytes(one.public_bytes(serialization.Encoding.PEM))
    (conf / "http.key").write_bytes(_pem(key))
    (conf / "users").write_text(f"{USER}:{_password_hash(PASSWORD)}\n")
    (conf / "users_roles").write_text(f"superuser:{USER}\n")
    lines = [
        "xpack.security.enabled: true",
        "xpack.security.transport.ssl.enabled: false",
        "xpack.security.http.ssl.enabled: true",
        "xpack.security.http.ssl.key: http.key",
        "xpack.security.http.ssl.certificate: http.crt",
    ]
    return lines, Credentials(USER, PASSWORD, conf / "ca.crt", conf / "stranger.crt")


def _authority(name: str) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    who = _named(name)
    usage = x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=True,
        crl_sign=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    builder = _builder(who, who, key.public_key()).add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
    return key, builder.add_extension(usage, True).sign(key, hashes.SHA256())


def _server(
    ca_key: ec.EllipticCurvePrivateKey, ca: x509.Certificate
) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    # Not to localhost as well: by that name the same server shows what happens where the name is wrong.
    names = [x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    builder = _builder(_named("search"), ca.subject, key.public_key())
    builder = builder.add_extension(x509.SubjectAlternativeName(names), False)
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key())
    return key, builder.add_extension(authority, False).sign(ca_key, hashes.SHA256())


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder(issuer, subject, key, x509.random_serial_number())
    builder = builder.not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=3650))
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), False)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _password_hash(password: str) -> str:
    """Return the hash in a form that the server reads and the standard library can make: bcrypt is not in it."""
    salt = secrets.token_bytes(32)
    hashed = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, _ROUNDS, dklen=32)
    return f"{{PBKDF2}}{_ROUNDS}${base64.b64encode(salt).decode()}${base64.b64encode(hashed).decode()}"
