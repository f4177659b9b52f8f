"""Keys and tokens are made once and readable by their owner alone."""

from concurrent.futures import ThreadPoolExecutor

from cli.keys import ROLES, ensure_keys, ensure_tokens
from streams.codec import Opener, Sealer


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
