"""One model for all tests, trained once on the corpus."""

from pathlib import Path

import pytest

import models
from models.classifier import Classifier
from models.corpus_rows import Row, parts, read_corpus
from models.train import train

CORPUS = Path(models.__file__).parent / "corpus"


@pytest.fixture(scope="session")
def rows() -> list[Row]:
    return read_corpus(parts(CORPUS))


@pytest.fixture(scope="session")
def classifier(rows: list[Row]) -> Classifier:
    return train(rows, "2026-11-22")
