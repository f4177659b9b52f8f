"""A process takes up the model that replaces the file, and no other."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from models.artifact import ArtifactError, save
from models.classifier import Classifier
from models.model_file import ModelFile


def promoted(model: Classifier, version: str, path: Path) -> None:
    """As `langnghe train` does it: written beside, then put in the place of the old one."""
    part = path.with_name("part")
    save(Classifier(model.pipeline, model.thresholds, replace(model.metadata, version=version)), part)
    part.replace(path)


@pytest.fixture
def file(classifier: Classifier, tmp_path: Path) -> ModelFile:
    promoted(classifier, "first", tmp_path / "model")
    return ModelFile(tmp_path / "model")


def test_what_was_loaded_is_not_newer(file: ModelFile) -> None:
    assert file.load().metadata.version == "first"
    assert file.newer() is None


def test_a_promoted_model_is_newer_once(file: ModelFile, classifier: Classifier) -> None:
    file.load()
    promoted(classifier, "second", file.path)
    newer = file.newer()
    assert newer is not None
    assert newer.metadata.version == "second"
    assert file.newer() is None


def test_a_broken_file_is_told_of_once_and_the_next_good_one_is_taken(file: ModelFile, classifier: Classifier) -> None:
    file.load()
    file.path.write_bytes(b"half a model")
    with pytest.raises(ArtifactError):
        file.newer()
    assert file.newer() is None
    promoted(classifier, "second", file.path)
    assert file.newer() is not None


def test_a_file_that_went_away_changes_nothing(file: ModelFile, tmp_path: Path) -> None:
    file.load()
    shutil.move(file.path, tmp_path / "elsewhere")
    assert file.newer() is None
