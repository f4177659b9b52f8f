"""Settings of Kafka's security and of the database's password: each bad one names itself."""

from pathlib import Path

import pytest

from cli.settings import SettingsError, read_settings
from tests.support.secured import write_certificates

DATA = Path("data")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_certificates(tmp_path)
    (tmp_path / "password").write_text("bí mật\n")
    (tmp_path / "empty").touch()
    return tmp_path


def told(folder: Path, **environment: str) -> str:
    """What is said about settings whose values may name files of the folder."""
    with pytest.raises(SettingsError) as found:
        read_settings({name: value.format(folder) for name, value in environment.items()}, DATA)
    return str(found.value)


def test_without_settings_kafka_is_plain() -> None:
    assert read_settings({}, DATA).security == {}


def test_an_authority_turns_tls_on_and_a_user_asks_for_a_password(folder: Path) -> None:
    environment = {"KAFKA_CA": f"{folder}/ca.pem", "KAFKA_USER": "a", "KAFKA_PASSWORD_FILE": f"{folder}/password"}
    found = read_settings(environment, DATA).security
    assert (found["security_protocol"], found["sasl_mechanism"]) == ("SASL_SSL", "SCRAM-SHA-512")
    assert (found["sasl_plain_username"], found["sasl_plain_password"]) == ("a", "bí mật")


def test_a_certificate_of_our_own_is_taken_with_its_key(folder: Path) -> None:
    environment = {"KAFKA_CA": f"{folder}/ca.pem", "KAFKA_CERTIFICATE": f"{folder}/broker.pem"}
    assert read_settings(environment, DATA).security["security_protocol"] == "SSL"


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"KAFKA_CA": "{}/none.pem"}, "KAFKA_CA="),
        ({"KAFKA_CA": "{}/password"}, "không phải tệp chứng thư PEM"),
        ({"KAFKA_CERTIFICATE": "{}/broker.pem"}, "KAFKA_CA chưa có"),
        ({"KAFKA_CA": "{}/ca.pem", "KAFKA_CERTIFICATE": "{}/ca.pem"}, "cả chứng thư và khóa"),
        ({"KAFKA_USER": "a"}, "KAFKA_PASSWORD_FILE chưa có"),
        ({"KAFKA_USER": "a", "KAFKA_PASSWORD_FILE": "{}/none"}, "không đọc được"),
        ({"KAFKA_USER": "a", "KAFKA_PASSWORD_FILE": "{}/empty"}, "tệp trống"),
        ({"KAFKA_PASSWORD_FILE": "{}/password"}, "KAFKA_USER chưa có"),
        ({"KAFKA_USER": "a", "KAFKA_PASSWORD_FILE": "{}/password", "KAFKA_MECHANISM": "MD5"}, "phải là SCRAM-SHA-512"),
        ({"KAFKA_USER": "a", "KAFKA_PASSWORD_FILE": "{}/password", "KAFKA_MECHANISM": "PLAIN"}, "không che"),
        ({"LANGNGHE_DATABASE_URL": "postgresql"}, "LANGNGHE_DATABASE_URL"),
    ],
)
def test_a_bad_setting_names_itself(folder: Path, environment: dict[str, str], words: str) -> None:
    assert words in told(folder, **environment)


def test_the_password_of_the_database_comes_from_its_file_and_is_never_shown(folder: Path) -> None:
    environment = {
        "LANGNGHE_DATABASE_URL": "postgresql://desk@db/langnghe",
        "LANGNGHE_DATABASE_PASSWORD_FILE": f"{folder}/password",
    }
    settings = read_settings(environment, DATA)
    assert settings.database_url == "postgresql://desk:b%C3%AD m%E1%BA%ADt@db/langnghe"
    assert "b%C3%AD" not in repr(settings)
