"""One model for all tests, trained once on the corpus."""

from pathlib import Path

import pytest

import models
from models.classifier import Classifier
from models.corpus_rows import Row
from models.train import read_corpus, train

CORPUS = Path(models.__file__).parent / "corpus"


@pytest.fixture(scope="session")
def rows() -> list[Row]:
    return read_corpus(CORPUS.glob("*.jsonl"))


@pytest.fixture(scope="session")
def classifier(rows: list[Row]) -> Classifier:
    return train(rows, "2026-11-22")
