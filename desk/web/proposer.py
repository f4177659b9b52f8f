"""The classifier behind `/api/v1/proposals`: loaded at first need, followed when promoted, named when it is absent."""

import threading
from pathlib import Path
from typing import Protocol

from models.artifact import ArtifactError
from models.classifier import Classification
from models.model_file import ModelFile

ABSENT = "chưa có mô hình phân loại; chạy “langnghe train” rồi mở lại, trong lúc đó người tiếp nhận tự chọn lĩnh vực"


class Classifies(Protocol):
    """What is asked of the classifier."""

    def classify(self, texts: list[str]) -> list[Classification]: ...


class Models(Protocol):
    """Where classifiers come from."""

    def load(self) -> Classifies:
        """The one to begin with. Raises NoModelError."""

    def newer(self) -> Classifies | None:
        """One that has come since; None where none has."""


class NoModelError(Exception):
    """There is no usable artefact; the message says what to do."""


class Artefact:
    """Classifiers from the file at `path`."""

    def __init__(self, path: Path | None) -> None:
        self._file = ModelFile(path) if path else None

    def load(self) -> Classifies:
        """Raises NoModelError."""
        if self._file is None or not self._file.path.exists():
            raise NoModelError(ABSENT)
        try:
            return self._file.load()
        except ArtifactError as error:
            raise NoModelError(str(error)) from error

    def newer(self) -> Classifies | None:
        return self._file.newer_usable() if self._file else None


class Proposer:
    """Classifies one text at a time, one thread at a time."""

    def __init__(self, models: Models) -> None:
        self._models, self._lock = models, threading.Lock()
        self._model: Classifies | None = None

    def propose(self, text: str) -> Classification:
        """Raises NoModelError."""
        with self._lock:
            if self._model is None:
                self._model = self._models.load()
            return self._model.classify([text])[0]

    def follow(self) -> None:
        """Takes up a promoted model; typing goes on with the old one while it is read."""
        if self._model is None:
            return
        if newer := self._models.newer():
            with self._lock:
                self._model = newer
