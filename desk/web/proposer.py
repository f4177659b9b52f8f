"""The classifier behind `/api/v1/proposals`: loaded once, at first need, and named when it is absent."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from models.artifact import ArtifactError, load
from models.classifier import Classification

ABSENT = "chưa có mô hình phân loại; chạy “langnghe train” rồi mở lại, trong lúc đó người tiếp nhận tự chọn lĩnh vực"


class Classifies(Protocol):
    """What is asked of the classifier."""

    def classify(self, texts: list[str]) -> list[Classification]: ...


class NoModelError(Exception):
    """There is no usable artefact; the message says what to do."""


class Proposer:
    """Classifies one text at a time, one thread at a time."""

    def __init__(self, load_model: Callable[[], Classifies]) -> None:
        self._load, self._lock = load_model, threading.Lock()
        self._model: Classifies | None = None

    def propose(self, text: str) -> Classification:
        """Raises NoModelError."""
        with self._lock:
            if self._model is None:
                self._model = self._load()
            return self._model.classify([text])[0]


def loader(path: Path | None) -> Callable[[], Classifies]:
    """How to load the artefact at `path`, when it is asked for."""

    def load_model() -> Classifies:
        if path is None or not path.exists():
            raise NoModelError(ABSENT)
        try:
            return load(path)
        except ArtifactError as error:
            raise NoModelError(str(error)) from error

    return load_model
