"""`langnghe train`: a model stays while it fits, and one that learnt corrections has to earn its place."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

from casework.labels import DOMAINS
from cli import training
from models.artifact import load
from models.classifier import Classifier
from models.corpus_rows import corpus_hash, parts, read_exam
from models.pipeline import Pipeline, Table
from models.promotion import sit_exam
from models.train import train
from tests.support.cli import at, run

CORRECTION = {
    "id": "c-1",
    "text": "Nắp cống trước trường mẫu giáo mất ba hôm nay",
    "domain": "urban_infra",
    "kind": "incident",
    "lane": "phan_anh_kien_nghi",
    "urgency": "normal",
}


class Told(NamedTuple):
    """What a command answered, and the folder that it worked in."""

    status: int
    out: str
    error: str
    folder: Path

    @property
    def model(self) -> Classifier:
        return load(self.folder / "model")


@pytest.fixture(scope="module", autouse=True)
def small_corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A corpus of eight texts of each domain, beside the whole exam: quick to learn."""
    folder, whole = tmp_path_factory.mktemp("corpus"), training.CORPUS
    rows = [json.loads(line) for part in parts(whole) for line in part.read_text(encoding="utf-8").splitlines()]
    few = [row for domain in DOMAINS for row in [row for row in rows if row["domain"] == domain][::25][:8]]
    written(folder / "part_01.jsonl", *few)
    (folder / "exam.jsonl").write_text((whole / "exam.jsonl").read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "CORPUS", folder)
        yield folder


@pytest.fixture(scope="module")
def small(small_corpus: Path) -> Classifier:
    return sit_exam(train(training.corpus(), "2026-11-22"), read_exam(small_corpus))


@pytest.fixture(scope="module")
def promoted(small: Classifier, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """A correction that was learnt beside a model at work that knows nothing."""
    folder = tmp_path_factory.mktemp("promoted")
    training.put_in_place(ignorant(small), folder / "model")
    return learning(folder, "--from", written(folder / "corrections.jsonl", CORRECTION))


def ignorant(model: Classifier) -> Classifier:
    """The same model with every domain taken for the next one."""
    domains = model.pipeline.tables["domain"]
    wrong = Table((*domains.labels[1:], domains.labels[0]), domains.coefficients, domains.offsets)
    tables = model.pipeline.tables | {"domain": wrong}
    return Classifier(
        Pipeline(model.pipeline.weights, tables), model.thresholds, replace(model.metadata, version="ignorant")
    )


def written(path: Path, *rows: dict[str, str]) -> str:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return str(path)


def learning(folder: Path, *arguments: str) -> Told:
    return Told(*run(["train", *arguments, *at(folder)], LANGNGHE_MODEL=str(folder / "model")), folder)


def test_a_model_that_fits_is_not_trained_again(small: Classifier, tmp_path: Path) -> None:
    training.put_in_place(small, tmp_path / "model")
    before = (tmp_path / "model").stat().st_mtime_ns
    told = learning(tmp_path)
    assert told.status == 0
    assert "vẫn hợp" in told.out
    assert (tmp_path / "model").stat().st_mtime_ns == before


def test_a_better_model_is_promoted_with_a_version_of_its_own(promoted: Told, small: Classifier) -> None:
    origin = promoted.model.metadata
    assert promoted.status == 0, promoted.error
    assert "Đã thay bằng mô hình" in promoted.out
    assert "Lĩnh vực, đúng ngay" in promoted.out
    assert origin.version not in ("ignorant", small.metadata.version)
    assert (origin.corrections, origin.base) == (1, corpus_hash(training.corpus()))


def test_a_promoted_model_outlives_the_next_start(promoted: Told) -> None:
    version = promoted.model.metadata.version
    assert "vẫn hợp" in learning(promoted.folder).out
    assert promoted.model.metadata.version == version


def test_corrections_that_were_learnt_are_not_learnt_again(promoted: Told) -> None:
    told = learning(promoted.folder, "--from", str(promoted.folder / "corrections.jsonl"))
    assert told.status == 0
    assert "đã học cả 1 bản sửa" in told.error


def test_a_worse_model_is_refused_and_the_old_one_stays(small: Classifier, tmp_path: Path) -> None:
    """The corrections call everything a matter of land."""
    training.put_in_place(small, tmp_path / "model")
    before = (tmp_path / "model").read_bytes()
    wrong = [
        CORRECTION | {"id": f"c-{row.id}", "text": f"{row.text} ạ", "domain": "land", "kind": "question"}
        for row in training.corpus()
    ]
    told = learning(tmp_path, "--from", written(tmp_path / "corrections.jsonl", *wrong))
    assert told.status == 1
    assert "(kém hơn)" in told.out
    assert "Không thay" in told.error
    assert (tmp_path / "model").read_bytes() == before
    assert list(tmp_path.glob("*.part")) == []


def test_denunciations_in_a_file_are_left_out(tmp_path: Path) -> None:
    told = learning(tmp_path, "--from", written(tmp_path / "corrections.jsonl", CORRECTION | {"lane": "to_cao"}))
    assert told.status == 0
    assert "Chưa có lần sửa phân loại nào" in told.error


@pytest.mark.parametrize("content", ["{", '{"id":"1","text":"thiếu nhãn"}', "[]"])
def test_a_file_that_is_no_corrections_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "rows.jsonl").write_text(content, encoding="utf-8")
    told = learning(tmp_path, "--from", str(tmp_path / "rows.jsonl"))
    assert told.status == 1
    assert "rows.jsonl" in told.error


def test_without_kafka_corrections_say_so(tmp_path: Path) -> None:
    told = learning(tmp_path, "--corrections")
    assert told.status == 1
    assert "langnghe up" in told.error


def test_a_model_tells_how_it_did_in_the_exam_and_where_it_is_weak(small: Classifier) -> None:
    scores = small.metadata.scores
    assert 0 < scores["exam"]["domain"] < 1
    assert [score["domain"] for score in scores["domains"]] == list(DOMAINS)
    assert scores["confused"][0]["count"] >= scores["confused"][-1]["count"] > 0
