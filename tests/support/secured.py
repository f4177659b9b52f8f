"""A real Kafka with TLS and SCRAM passwords, from the configuration that deploy/ has for it."""

import datetime
import ipaddress
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from cli.security import read_security
from cli.settings import HERE, find_java
from streams.broker import Broker, BrokerSettings, answers, prepare
from tests.support.kafka import free_port
from tests.support.waiting import eventually

USERS = {"kafka": "mat-khau-may-chu", "langnghe": "mat-khau-dung"}
START_SECONDS = 90.0
CLUSTER = "TGFuZ05naGUtc2VjdXJlZA"


@dataclass(frozen=True)
class Secured:
    """A running broker and the environment of a client that may enter."""

    broker: Broker
    environment: dict[str, str]


@contextmanager
def running_secured_broker(folder: Path) -> Iterator[Secured]:
    """A broker that answers to the right password, stopped afterwards."""
    secrets = folder / "secrets"
    secrets.mkdir()
    write_certificates(secrets)
    (secrets / "kafka_password").write_text(USERS["kafka"])
    (secrets / "client_password").write_text(USERS["langnghe"] + "\n")
    settings = BrokerSettings(
        find_java(), HERE / "deploy" / "kafka" / "libs", _properties(folder), folder / "data", free_port(), free_port()
    )
    environment = {
        "KAFKA_BOOTSTRAP": settings.bootstrap,
        "KAFKA_CA": str(secrets / "ca.pem"),
        "KAFKA_USER": "langnghe",
        "KAFKA_PASSWORD_FILE": str(secrets / "client_password"),
    }
    _format(settings)
    broker = Broker(settings)
    broker.launch()
    try:
        security = read_security(environment)
        eventually(lambda: answers(settings.bootstrap, security), within=START_SECONDS, what="the broker answers")
        yield Secured(broker, environment)
    finally:
        broker.stop()


def write_certificates(folder: Path) -> None:
    """An authority (ca.pem) and, signed by it, a certificate of 127.0.0.1 with its key (broker.pem)."""
    authority_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Lang Nghe test authority")])
    authority = _certificate(name, name, authority_key).add_extension(
        x509.BasicConstraints(ca=True, path_length=None), critical=True
    )
    host = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    broker = _certificate(host, name, key).add_extension(address, critical=False)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "ca.pem").write_bytes(authority.sign(authority_key, hashes.SHA256()).public_bytes(Encoding.PEM))
    signed = broker.sign(authority_key, hashes.SHA256()).public_bytes(Encoding.PEM)
    (folder / "broker.pem").write_bytes(private + signed)


def _certificate(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
    )


def _properties(folder: Path) -> Path:
    """The files of deploy/ in a row, with the test's directory of secrets."""
    deploy = HERE / "deploy" / "kafka"
    whole = "\n".join((deploy / name).read_text() for name in ("server.properties", "secured.properties"))
    target = folder / "secured.properties"
    target.write_text(whole.replace("/run/secrets", str(folder / "secrets")))
    return target


def _format(settings: BrokerSettings) -> None:
    """As `langnghe up` formats, and with the accounts, which a broker that asks for passwords must have before."""
    logs = settings.data / "log"
    logs.mkdir(parents=True)
    (logs / "meta.properties").touch()  # `prepare` must not format
    prepare(settings)
    (logs / "meta.properties").unlink()
    accounts = [f"--add-scram=SCRAM-SHA-512=[name={name},password={word}]" for name, word in USERS.items()]
    command = [settings.java, "-cp", f"{settings.libs}/*", "kafka.tools.StorageTool", "format", "--standalone"]
    config = ["-t", CLUSTER, "-c", str(settings.data / "server.properties")]
    subprocess.run([*command, *config, *accounts], check=True, capture_output=True)
