"""How clients prove themselves to Kafka: what the environment says as the arguments that every client takes."""

import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any

MECHANISMS = ("SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN")


class SecurityError(RuntimeError):
    """A setting of Kafka's security that is missing or bad; the message names it and says what is expected."""


def read_security(environment: Mapping[str, str]) -> dict[str, Any]:
    """Arguments of kafka-python and aiokafka alike; empty where Kafka asks for nothing. Raises SecurityError."""
    authority, user = environment.get("KAFKA_CA", ""), environment.get("KAFKA_USER", "")
    tls = _tls(authority, environment.get("KAFKA_CERTIFICATE", ""))
    login = _login(user, environment) if user else {}
    if not user and environment.get("KAFKA_PASSWORD_FILE"):
        raise SecurityError("KAFKA_PASSWORD_FILE có mà KAFKA_USER chưa có; hãy ghi tên tài khoản Kafka")
    if login.get("sasl_mechanism") == "PLAIN" and not tls:
        raise SecurityError("KAFKA_MECHANISM=PLAIN gửi mật khẩu không che; hãy đặt KAFKA_CA hoặc dùng SCRAM-SHA-512")
    if not (tls or login):
        return {}
    protocol = ("SASL_" if login else "") + ("SSL" if tls else "PLAINTEXT")
    return {"security_protocol": protocol, **tls, **login}


def secret(name: str, path: str) -> str:
    """The one line of a file that holds a password. Raises SecurityError."""
    try:
        found = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SecurityError(f"{name}={path}: không đọc được ({type(error).__name__}); hãy xem tệp và quyền") from None
    if not found:
        raise SecurityError(f"{name}={path}: tệp trống; hãy ghi mật khẩu vào đó")
    return found


def _tls(authority: str, certificate: str) -> dict[str, Any]:
    if certificate and not authority:
        raise SecurityError("KAFKA_CERTIFICATE có mà KAFKA_CA chưa có; hãy ghi tệp chứng thư của nơi cấp")
    if not authority:
        return {}
    try:
        context = ssl.create_default_context(cafile=authority)
    except (OSError, ssl.SSLError):
        raise SecurityError(f"KAFKA_CA={authority}: không phải tệp chứng thư PEM đọc được") from None
    if certificate:
        try:
            context.load_cert_chain(certificate)
        except (OSError, ssl.SSLError):
            raise SecurityError(f"KAFKA_CERTIFICATE={certificate}: cần tệp PEM có cả chứng thư và khóa") from None
    return {"ssl_context": context}


def _login(user: str, environment: Mapping[str, str]) -> dict[str, Any]:
    mechanism = environment.get("KAFKA_MECHANISM") or MECHANISMS[0]
    if mechanism not in MECHANISMS:
        raise SecurityError(f"KAFKA_MECHANISM={mechanism}: phải là {', '.join(MECHANISMS)}")
    path = environment.get("KAFKA_PASSWORD_FILE", "")
    if not path:
        raise SecurityError("KAFKA_USER có mà KAFKA_PASSWORD_FILE chưa có; hãy ghi đường dẫn tệp mật khẩu")
    password = secret("KAFKA_PASSWORD_FILE", path)
    return {"sasl_mechanism": mechanism, "sasl_plain_username": user, "sasl_plain_password": password}
