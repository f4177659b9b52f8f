"""A small model for the commands that need one."""

from itertools import islice
from pathlib import Path

import pytest

from casework.labels import DOMAINS
from models.artifact import save
from models.corpus_rows import parts, read_corpus
from models.train import train

CORPUS = Path(__file__).parents[2] / "models" / "corpus"


@pytest.fixture(scope="session")
def model_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An artefact trained on six texts of each domain: quick to make, good enough to answer."""
    rows = read_corpus(parts(CORPUS))
    few = [row for domain in DOMAINS for row in islice((row for row in rows if row.domain == domain), 6)]
    path = tmp_path_factory.mktemp("model") / "model"
    save(train(few), path)
    return path
