"""A trained model as one zip file: plain data and a skops file under one hash; no pickle."""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from models.classifier import Classifier, Metadata, Thresholds
from models.libraries import library_versions
from models.pipeline import HEADS, Pipeline, Table
from models.vectorizer import WordWeights

FORMAT = 3
"""Raised whenever a text is read in another way, too: a model fits only the reading that it was trained with."""
_MODEL, _WEIGHTS, _HEADS, _HASH = "model.json", "weights.json", "heads.skops", "sha256"
_TABLE_PARTS = {"coefficients", "offsets"}
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_LARGEST_PART = 512 * 1024 * 1024


class ArtifactError(ValueError):
    """A model file that must not be used; the message says what to do."""


def save(model: Classifier, path: Path) -> None:
    """Write the model; the same model gives the same plain parts and hash."""
    parts = {_MODEL: _described(model), _WEIGHTS: _weights(model.pipeline.weights), _HEADS: _heads(model.pipeline)}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in (parts | {_HASH: part_hash(parts).encode()}).items():
            file.writestr(zipfile.ZipInfo(name, _FIXED_TIME), content, zipfile.ZIP_DEFLATED)


def load(path: Path) -> Classifier:
    """The model of a file, or ArtifactError if it is missing, altered, of other versions or holds unknown types."""
    parts = _read(path)
    described = json.loads(parts[_MODEL])
    _refuse_foreign(described)
    stored = json.loads(parts[_WEIGHTS])
    weights = WordWeights(stored["terms"], stored["idf"])
    pipeline = Pipeline(weights, _trusted_heads(parts[_HEADS], described["labels"], len(weights.terms)))
    return Classifier(pipeline, Thresholds(**described["thresholds"]), Metadata(**described["metadata"]))


def origin(path: Path) -> Metadata:
    """Only what a file says of itself, also where it could not be used here. Raises ArtifactError."""
    return Metadata(**json.loads(_read(path)[_MODEL])["metadata"])


def _described(model: Classifier) -> bytes:
    content = {
        "format": FORMAT,
        "labels": {head: table.labels for head, table in model.pipeline.tables.items()},
        "thresholds": asdict(model.thresholds),
        "metadata": asdict(model.metadata),
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1).encode()


def _weights(weights: WordWeights) -> bytes:
    return json.dumps({"terms": weights.terms, "idf": weights.idf}, ensure_ascii=False).encode()


def _heads(pipeline: Pipeline) -> bytes:
    import skops.io  # noqa: PLC0415 - brings in all of scikit-learn, two seconds that only who needs a model pays

    tables = {head: {part: getattr(table, part) for part in _TABLE_PARTS} for head, table in pipeline.tables.items()}
    return bytes(skops.io.dumps(tables))


def part_hash(parts: Mapping[str, bytes]) -> str:
    """One sha256 over names, sizes and contents of all parts."""
    total = hashlib.sha256()
    for name in sorted(parts):
        total.update(f"{name}\0{len(parts[name])}\0".encode() + parts[name])
    return total.hexdigest()


def _read(path: Path) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(path) as file:
            parts = {name: _part(file, name) for name in (_MODEL, _WEIGHTS, _HEADS, _HASH)}
    except FileNotFoundError as error:
        raise ArtifactError(f"Không tìm thấy tệp mô hình {path.name}. Hãy chạy “langnghe train”.") from error
    except (OSError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        raise ArtifactError(f"Tệp mô hình {path.name} không đọc được hoặc thiếu phần. Hãy huấn luyện lại.") from error
    if parts.pop(_HASH).decode(errors="replace") != part_hash(parts):
        raise ArtifactError(f"Tệp mô hình {path.name} đã bị thay đổi sau khi tạo: mã kiểm tra không khớp.")
    return parts


def _part(file: zipfile.ZipFile, name: str) -> bytes:
    if file.getinfo(name).file_size > _LARGEST_PART:
        raise zipfile.BadZipFile(name)
    return file.read(name)


def _refuse_foreign(described: Mapping[str, Any]) -> None:
    found = described.get("format")
    if found != FORMAT:
        raise ArtifactError(f"Mô hình có định dạng {found}, cần định dạng {FORMAT}. Hãy huấn luyện lại.")
    stored, ours = described["metadata"]["versions"], library_versions()
    different = [name for name in ours if stored.get(name) != ours[name]]
    if different:
        listed = "; ".join(f"{name} {stored.get(name, '–')} (máy này {ours[name]})" for name in different)
        raise ArtifactError(f"Mô hình được tạo bằng thư viện khác phiên bản: {listed}. Hãy huấn luyện lại.")


def _trusted_heads(content: bytes, labels: Mapping[str, Sequence[str]], terms: int) -> dict[str, Table]:
    import skops.io  # noqa: PLC0415 - likewise

    unknown = skops.io.get_untrusted_types(data=content)
    if unknown:
        raise ArtifactError("Mô hình chứa kiểu dữ liệu lạ, không được nạp: " + ", ".join(sorted(unknown)) + ".")
    heads = skops.io.loads(content)
    if not isinstance(heads, dict) or not all(_fits(heads.get(head), len(labels[head]), terms) for head in HEADS):
        raise ArtifactError("Mô hình không có đủ các phần cần thiết. Hãy huấn luyện lại.")
    return {head: Table(tuple(labels[head]), **heads[head]) for head in HEADS}


def _fits(table: object, labels: int, terms: int) -> bool:
    """Whether it is a table for that many labels and terms."""
    if not isinstance(table, dict) or table.keys() != _TABLE_PARTS:
        return False
    return [np.shape(table[part]) for part in sorted(_TABLE_PARTS)] == [(labels, terms), (labels,)]
