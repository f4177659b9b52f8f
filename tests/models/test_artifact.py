"""A model file gives back the same model, or a clear refusal."""

import json
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import skops.io

from models.artifact import ArtifactError, load, part_hash, save
from models.classifier import Classifier


@pytest.fixture(scope="session")
def saved(classifier: Classifier, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "model.zip"
    save(classifier, path)
    return path


def rewritten(saved: Path, target: Path, change: Callable[[dict[str, bytes]], None], *, sign: bool) -> Path:
    """A copy with changed parts; with `sign` the hash is made to fit again."""
    with zipfile.ZipFile(saved) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    change(parts)
    if sign:
        parts["sha256"] = part_hash({name: part for name, part in parts.items() if name != "sha256"}).encode()
    with zipfile.ZipFile(target, "w") as file:
        for name, part in parts.items():
            file.writestr(name, part)
    return target


def described(parts: dict[str, bytes], **changes: object) -> None:
    parts["model.json"] = json.dumps(json.loads(parts["model.json"]) | changes).encode()


def test_a_loaded_model_judges_as_the_one_that_was_saved(classifier: Classifier, saved: Path) -> None:
    texts = ["Đèn đường hỏng ở ngõ 12", "Cán bộ vòi tiền mới ký hồ sơ", "", "rac thai hoi thoi"]
    loaded = load(saved)
    assert loaded.classify(texts) == classifier.classify(texts)
    assert (loaded.metadata, loaded.thresholds) == (classifier.metadata, classifier.thresholds)


def test_saving_twice_gives_the_same_plain_parts(classifier: Classifier, saved: Path, tmp_path: Path) -> None:
    save(classifier, tmp_path / "again.zip")
    with zipfile.ZipFile(saved) as one, zipfile.ZipFile(tmp_path / "again.zip") as other:
        assert [one.read(name) for name in ("model.json", "weights.json")] == [
            other.read(name) for name in ("model.json", "weights.json")
        ]


def test_a_model_says_where_it_comes_from(classifier: Classifier) -> None:
    assert date.fromisoformat(classifier.metadata.trained_on) <= datetime.now(UTC).date() + timedelta(days=1)
    assert classifier.metadata.version == f"svm-{classifier.metadata.corpus}"
    assert {"scikit-learn", "numpy", "python"} <= set(classifier.metadata.versions)
    assert classifier.metadata.scores["rows"] >= 1200


@pytest.mark.parametrize("part", ["model.json", "weights.json", "heads.skops"])
def test_an_altered_part_is_refused(saved: Path, tmp_path: Path, part: str) -> None:
    path = rewritten(saved, tmp_path / "m.zip", lambda parts: parts.update({part: parts[part] + b" "}), sign=False)
    with pytest.raises(ArtifactError, match="đã bị thay đổi"):
        load(path)


def test_another_version_of_a_library_is_refused_by_name(saved: Path, tmp_path: Path) -> None:
    def age(parts: dict[str, bytes]) -> None:
        metadata = json.loads(parts["model.json"])["metadata"]
        described(parts, metadata=metadata | {"versions": metadata["versions"] | {"scikit-learn": "0.1"}})

    with pytest.raises(ArtifactError, match=r"scikit-learn 0\.1"):
        load(rewritten(saved, tmp_path / "m.zip", age, sign=True))


def test_another_format_is_refused(saved: Path, tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="định dạng 99"):
        load(rewritten(saved, tmp_path / "m.zip", lambda parts: described(parts, format=99), sign=True))


def test_an_unknown_type_is_not_built(saved: Path, tmp_path: Path) -> None:
    content = skops.io.dumps({"domain": Path})
    path = rewritten(saved, tmp_path / "m.zip", lambda parts: parts.update({"heads.skops": content}), sign=True)
    with pytest.raises(ArtifactError, match="kiểu dữ liệu lạ"):
        load(path)


def test_heads_that_are_missing_are_noticed(saved: Path, tmp_path: Path) -> None:
    content = skops.io.dumps({"domain": 1})
    path = rewritten(saved, tmp_path / "m.zip", lambda parts: parts.update({"heads.skops": content}), sign=True)
    with pytest.raises(ArtifactError, match="không có đủ"):
        load(path)


@pytest.mark.parametrize("part", ["model.json", "weights.json", "heads.skops", "sha256"])
def test_a_missing_part_is_refused(saved: Path, tmp_path: Path, part: str) -> None:
    path = rewritten(saved, tmp_path / "m.zip", lambda parts: parts.pop(part) and None, sign=False)
    with pytest.raises(ArtifactError, match="thiếu phần"):
        load(path)


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.zip"
    path.write_bytes(b"\x80\x04not a zip")
    with pytest.raises(ArtifactError, match="không đọc được"):
        load(path)


def test_a_missing_file_names_the_command_that_makes_it(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="langnghe train"):
        load(tmp_path / "none.zip")
