"""Models for the parts that only ask them, without training one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from casework.labels import DOMAINS, KINDS, LANES, URGENCIES
from desk.web.proposer import Classifies, NoModelError
from models.classifier import Classifier, Metadata, Thresholds
from models.corpus_rows import parts
from models.libraries import library_versions
from models.pipeline import Pipeline, Table
from models.vectorizer import WordWeights


@dataclass
class Shelf:
    """Models that a test puts there: the one to begin with, and perhaps one that comes later."""

    first: Classifies | None
    later: Classifies | None = None

    def load(self) -> Classifies:
        if self.first is None:
            raise NoModelError("none")
        return self.first

    def newer(self) -> Classifies | None:
        later, self.later = self.later, None
        return later


def tiny(version: str, scores: Mapping[str, Any], **origin: Any) -> Classifier:
    """A model that knows two words and judges nothing; what it says of itself is what a test gives."""
    labels = {"domain": DOMAINS, "kind": KINDS, "lane": LANES, "urgency": URGENCIES}
    tables = {
        head: Table(tuple(codes), np.zeros((len(codes), 2), np.float32), np.zeros(len(codes), np.float32))
        for head, codes in labels.items()
    }
    metadata = Metadata(version, "2026-11-22", version, library_versions(), scores, **origin)
    pipeline = Pipeline(WordWeights(["đường", "~duong"], [1.0, 1.0]), tables)
    return Classifier(pipeline, Thresholds(abstain=0.5, restrict=0.5, alarm=0.5), metadata)


def few_of_each(number: int, corpus: Path, target: Path) -> Path:
    """Writes so many texts of each domain, from all over the corpus."""
    lines = [line for part in parts(corpus) for line in part.read_text(encoding="utf-8").splitlines()]
    of = {domain: [line for line in lines if json.loads(line)["domain"] == domain] for domain in DOMAINS}
    few = [line for found in of.values() for line in found[:: max(1, len(found) // number)][:number]]
    target.write_text("\n".join(few), encoding="utf-8")
    return target
