"""Keys and tokens are made once and readable by their owner alone."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cli.keys import ROLES, ensure_keys, ensure_tokens
from cli.letters import opener_of
from cli.main import main
from cli.processes import public_key_of
from cli.settings import SettingsError, read_settings
from streams.codec import Opener, Sealer
from tests.support.cli import at, run


def test_what_is_sealed_with_the_public_key_opens_with_the_private_one(tmp_path):
    private, public = ensure_keys(tmp_path / "keys")
    assert Opener.of(private).open(Sealer(public).seal("tên người gửi".encode())) == "tên người gửi".encode()


def test_the_second_start_finds_the_same_keys_and_tokens(tmp_path):
    keys, tokens = tmp_path / "keys", tmp_path / "tokens.json"
    assert (ensure_keys(keys), ensure_tokens(tokens)) == (ensure_keys(keys), ensure_tokens(tokens))


def test_every_role_has_a_token_of_its_own(tmp_path):
    tokens = ensure_tokens(tmp_path / "tokens.json")
    assert set(tokens) == set(ROLES)
    assert len(set(tokens.values())) == len(ROLES)


def test_only_the_owner_can_read_keys_and_tokens(tmp_path):
    ensure_keys(tmp_path / "keys")
    ensure_tokens(tmp_path / "tokens.json")
    secrets = [tmp_path / "tokens.json", *(tmp_path / "keys").iterdir()]
    assert {file.stat().st_mode & 0o777 for file in secrets} == {0o600}


def test_processes_that_start_at_once_on_new_data_agree_on_keys_and_tokens(tmp_path):
    def start(number):
        data = tmp_path / str(number // 8)
        return data, ensure_keys(data / "keys"), tuple(ensure_tokens(data / "tokens.json").items())

    with ThreadPoolExecutor(8) as starts:
        assert len(set(starts.map(start, range(80)))) == 10


def test_what_was_sealed_before_a_rotation_is_opened_after_it(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    sealed = [Sealer(ensure_keys(keys)[1]).seal(b"one")]
    for _ in range(2):
        assert run(["keys", "rotate", *at(tmp_path)])[0] == 0
        sealed.append(Sealer(ensure_keys(keys)[1]).seal(b"one"))
    assert len({found["key_id"] for found in sealed}) == 3
    assert [opener_of(keys).open(found) for found in sealed] == [b"one"] * 3
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys.glob("*.key")} == {0o600}


def test_workers_seal_with_a_public_key_whose_private_one_is_not_theirs(tmp_path: Path) -> None:
    public = tmp_path / "public" / "desk.pub"
    told = {"LANGNGHE_PUBLIC_KEY": str(public)}
    with pytest.raises(SettingsError, match="langnghe keys create"):
        public_key_of(read_settings(told, tmp_path / "worker"))
    assert run(["keys", "create", *at(tmp_path / "desk")], **told)[0] == 0
    assert public_key_of(read_settings(told, tmp_path / "worker")) == ensure_keys(tmp_path / "desk" / "keys")[1]
    assert not (tmp_path / "worker").exists()
    public.write_bytes(b"short")
    with pytest.raises(SettingsError, match="không phải khóa công khai"):
        public_key_of(read_settings(told, tmp_path / "worker"))


def test_a_folder_that_cannot_be_written_is_named_with_what_to_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr("sys.argv", ["langnghe", "keys", "rotate", *at(tmp_path / "file" / "data")])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert str(tmp_path / "file" / "data") in said
    assert "hãy kiểm tra đường dẫn và quyền" in said
