"""One model for all tests: the one that `make test` has learnt from the corpus."""

from pathlib import Path

import pytest

import models
from cli.settings import HERE
from cli.training import from_corpus
from models.classifier import Classifier
from models.corpus_rows import Row, parts, read_corpus

CORPUS = Path(models.__file__).parent / "corpus"


@pytest.fixture(scope="session")
def rows() -> list[Row]:
    return read_corpus(parts(CORPUS))


@pytest.fixture(scope="session")
def classifier() -> Classifier:
    return from_corpus(HERE / "build" / "model")
