"""What a new user reads is true."""

import re

import pytest
from typer.testing import CliRunner

from cli.main import build
from cli.settings import HERE

README = (HERE / "README.md").read_text()
GUIDES = ("docs/quan-tri.md", "docs/giam-sat.md", "docs/developing.md")
GROUPS = "import|topics|keys|calendar|dlq|worker|report"
NAMED = re.compile(rf"(?:^|`|/bin/)langnghe ((?:(?:{GROUPS}) )?[a-z]+)\b", re.MULTILINE)
TEXTS = [README, *((HERE / name).read_text() for name in GUIDES)]
COMMANDS = sorted({tuple(found.split()) for text in TEXTS for found in NAMED.findall(text)})


def test_the_readme_fits_on_two_screens():
    assert len(README.splitlines()) <= 120


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_of_the_readme_exists(command):
    assert CliRunner().invoke(build(), [*command, "--help"]).exit_code == 0


@pytest.mark.parametrize("document", ["README.md", "docs/architecture.md", "CONTRIBUTING.md", *GUIDES])
def test_every_file_that_a_document_names_is_there(document):
    text = (HERE / document).read_text()
    links = re.findall(r"\]\(([\w./-]+)\)", text)
    named = re.findall(r"`((?:casework|models|streams|desk|cli|docs|deploy|tests)/[\w./-]*\w)`", text)
    beside = (HERE / document).parent
    assert [path for path in links if not (beside / path).exists()] == []
    assert [path for path in named if not (HERE / path).exists()] == []


def test_the_settings_of_the_readme_are_those_that_are_read():
    source = "".join((HERE / "cli" / name).read_text() for name in ("settings.py", "security.py"))
    read = set(re.findall(r'"((?:LANGNGHE|KAFKA)_[A-Z_]+)"', source))
    assert read == set(re.findall(r"`((?:LANGNGHE|KAFKA)_[A-Z_]+)`", README))


def test_no_file_names_a_registry_or_a_path_of_a_machine():
    locks = [HERE / "requirements.lock", HERE / "requirements-dev.lock"]
    assert [lock.name for lock in locks if re.search(r"https?://|--index|--find-links", lock.read_text())] == []
