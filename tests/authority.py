"""A certificate authority to throw away, and certificates of servers on loopback."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "An authority of a test")])
ALWAYS = datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=36500)


class Authority:
    """Signs for servers; whoever trusts `certificate`, a file, trusts them."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.certificate = directory / "authority.pem"
        self.key = directory / "server-key.pem"
        self._key = ec.generate_private_key(ec.SECP256R1())
        made = _builder(NAME, self._key.public_key()).add_extension(x509.BasicConstraints(True, 0), True)
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        signed = made.add_extension(usage, True).sign(self._key, hashes.SHA256())
        self.certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))

    def server(self, name: str = "localhost") -> ssl.SSLContext:
        """What a server of that name serves with."""
        certificate = self.certified(name)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, self.key)
        return context

    def certified(self, name: str = "localhost") -> Path:
        """A certificate for a server of that name, which is at 127.0.0.1; its key is at `key`."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = [x509.DNSName(name), *([x509.IPAddress(ip_address("127.0.0.1"))] if name == "localhost" else [])]  # fmt: skip
        made = _builder(x509.Name([]), key.public_key())
        made = made.add_extension(x509.SubjectAlternativeName(names), True)
        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        signed = made.add_extension(identifier, False).sign(self._key, hashes.SHA256())
        file = self.directory / f"{name}.pem"
        file.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
        form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        self.key.write_bytes(key.private_bytes(serialization.Encoding.PEM, *form))
        return file


def _builder(subject: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(NAME).public_key(key)
    made = made.serial_number(x509.random_serial_number()).not_valid_before(ALWAYS[0])
    identifier = x509.SubjectKeyIdentifier.from_public_key(key)
    return made.not_valid_after(ALWAYS[1]).add_extension(identifier, False)
