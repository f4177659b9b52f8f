"""The artefact that a running process works with, and whether another one has taken its place."""

import logging
from pathlib import Path

from models.artifact import ArtifactError, load
from models.classifier import Classifier

log = logging.getLogger(__name__)
Stamp = tuple[int, int, int]


class ModelFile:
    """One artefact at a path. A promoted model replaces the file as a whole, so a stamp tells one from another."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen: Stamp | None = None

    def load(self) -> Classifier:
        """The model that stands there. Raises ArtifactError; the same file is then no longer `newer`."""
        self._seen = self._stamp()
        return load(self.path)

    def newer(self) -> Classifier | None:
        """The model of a file that was not read yet; None where none has come. Raises ArtifactError as `load`."""
        found = self._stamp()
        return None if found in (None, self._seen) else self.load()

    def newer_usable(self) -> Classifier | None:
        """`newer`, but one that cannot be used is told of once in the log, and is none."""
        try:
            return self.newer()
        except ArtifactError as error:
            log.warning("the model of the file is not taken up: %s", error)
            return None

    def _stamp(self) -> Stamp | None:
        """Taken before the file is read: one that comes meanwhile is read at the next look."""
        try:
            status = self.path.stat()
        except OSError:
            return None
        return status.st_ino, status.st_size, status.st_mtime_ns
