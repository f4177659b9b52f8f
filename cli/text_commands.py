"""`langnghe classify`, `train`, `evaluate`: texts to domain, kind, lane and urgency."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import msgspec
import typer
from click import get_binary_stream

from cli.lines import BadLine, Readable, Record, answer_lines
from cli.processes import DATA, PORT_BASE, DataOption, PortBase
from cli.say import refused, settings_of

if TYPE_CHECKING:
    from models.classifier import Classification, Classifier
    from models.corpus_rows import Row

FilesArgument = Annotated[list[Path] | None, typer.Argument(help="Tệp JSON lines có nhãn; bỏ trống là tập huấn luyện")]
ExamOption = Annotated[bool, typer.Option("--exam", help="Đo trên bài kiểm tra cố định, không mô hình nào được học")]
ForceOption = Annotated[bool, typer.Option("--force", help="Huấn luyện lại dù mô hình đang có vẫn hợp")]
FIELDS = ("domain", "confidence", "alternatives", "abstained", "missing", "kind", "lane", "urgency", "text", "reasons",
          "model_version")  # fmt: skip
LONGEST_TEXT = 100_000
CORPUS = Path(str(files("models") / "corpus"))


SCORES = {
    "rows": "Số văn bản đã học",
    "domain": "Đúng lĩnh vực ngay, người viết chưa từng gặp",
    "answered": "Phần máy tự đề xuất, không cần người",
    "domain_when_answered": "Đúng lĩnh vực khi máy tự đề xuất",
    "kind": "Đúng tính chất",
    "lane": "Đúng loại nội dung",
    "to_cao_found": "Tố cáo được tách riêng",
    "restricted_wrongly": "Tách nhầm là tố cáo",
    "urgency": "Đúng mức độ",
    "urgent_found": "Việc khẩn được nhận ra",
    "alarms_right": "Báo khẩn đúng",
}


def commands(app: typer.Typer) -> None:
    """Registers the commands of this module."""
    app.command("classify")(classify)
    app.command("train")(train)
    app.command("evaluate")(evaluate)


def classify(data: DataOption = DATA, port_base: PortBase = PORT_BASE) -> None:
    """Phân loại: mỗi dòng vào là {"id","text"}, mỗi dòng ra là kết quả, theo đúng thứ tự."""
    model = _fitting_model(settings_of(data, port_base).model)
    incoming = cast("Readable", get_binary_stream("stdin"))
    if answer_lines(incoming, get_binary_stream("stdout"), partial(classified, model)):
        raise typer.Exit(1)


def classified(model: "Classifier", records: Sequence[Record | BadLine]) -> list[Record | BadLine]:
    """An answer for each record, in order; all texts are classified at once."""
    checked = [_checked(record) for record in records]
    good = [record for record in checked if not isinstance(record, BadLine)]
    found = iter(model.classify([record["text"] for record in good]))
    return [one if isinstance(one, BadLine) else _answer(one, next(found)) for one in checked]


def _checked(record: Record | BadLine) -> Record | BadLine:
    if isinstance(record, BadLine):
        return record
    text = record.get("text")
    if not isinstance(text, str):
        return BadLine(record["id"], "thiếu trường “text” (chuỗi ký tự)")
    if len(text) > LONGEST_TEXT:
        return BadLine(record["id"], f"nội dung dài quá {LONGEST_TEXT} ký tự")
    return record


def _answer(record: Record, found: "Classification") -> Record:
    return {"id": record["id"]} | {name: msgspec.to_builtins(getattr(found, name)) for name in FIELDS}


def train(force: ForceOption = False, data: DataOption = DATA, port_base: PortBase = PORT_BASE) -> None:
    """Huấn luyện mô hình từ tập văn bản kèm theo, trừ khi mô hình đang có vẫn hợp."""
    path = settings_of(data, port_base).model
    rows = _corpus()
    model = None if force else _fitted(path, rows)
    if model is None:
        model = _train(path, rows)
        typer.echo(f"Đã huấn luyện mô hình {model.metadata.version}: {path}")
    else:
        typer.echo(f"Mô hình {model.metadata.version} vẫn hợp, không huấn luyện lại (--force để làm lại): {path}")
    for name, words in SCORES.items():
        if name in model.metadata.scores:
            typer.echo(f"  {words}: {model.metadata.scores[name]:g}")


def evaluate(
    paths: FilesArgument = None, exam: ExamOption = False, data: DataOption = DATA, port_base: PortBase = PORT_BASE
) -> None:
    """Đo mô hình trên các tệp có nhãn, hoặc trên bài kiểm tra cố định."""
    from models import evaluate as measuring  # noqa: PLC0415 - scikit-learn takes a second to import

    model = _fitting_model(settings_of(data, port_base).model)
    rows = [row for path in paths or [] for row in _labelled(path)] or (_exam() if exam else _corpus())
    if not paths and not exam:
        typer.echo("Đo trên chính tập huấn luyện: con số này cao hơn thực tế.")
    typer.echo("\n".join(measuring.evaluate(model, rows).lines()))


def _labelled(path: Path) -> "list[Row]":
    from models.corpus_rows import read_evaluation  # noqa: PLC0415 - likewise

    try:
        return read_evaluation(path)
    except OSError:
        raise refused(f"Không mở được tệp {path}; hãy kiểm tra đường dẫn.") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise refused(f"Tệp {path} không đúng dạng; mỗi dòng phải là JSON có id, text, domain.") from None


def _exam() -> "list[Row]":
    from models.corpus_rows import read_exam  # noqa: PLC0415 - likewise

    return read_exam(CORPUS)


def _corpus() -> "list[Row]":
    from models.corpus_rows import CorpusError, parts, read_corpus  # noqa: PLC0415 - likewise

    try:
        return read_corpus(parts(CORPUS))
    except (CorpusError, ValueError) as error:
        raise refused(f"Tập huấn luyện có dòng hỏng: {error}") from None


def _fitting_model(path: Path) -> "Classifier":
    """The artefact; made first where there is none, so that a fresh installation just works."""
    from models.artifact import ArtifactError, load  # noqa: PLC0415 - likewise

    if not path.exists():
        typer.echo("Chưa có mô hình; đang huấn luyện lần đầu…", err=True)
        return _train(path, _corpus())
    try:
        return load(path)
    except ArtifactError as error:
        raise refused(f"{error} (langnghe train --force)") from None


def _fitted(path: Path, rows: "Sequence[Row]") -> "Classifier | None":
    """The artefact where it can be used here and comes from just these rows."""
    from models.artifact import ArtifactError, load  # noqa: PLC0415 - likewise
    from models.corpus_rows import corpus_hash  # noqa: PLC0415 - likewise

    try:
        model = load(path)
    except ArtifactError:
        return None
    return model if model.metadata.corpus == corpus_hash(rows) else None


def _train(path: Path, rows: "Sequence[Row]") -> "Classifier":
    """Trains and saves; whoever reads meanwhile sees the old artefact or the new one, whole."""
    from models.artifact import save  # noqa: PLC0415 - likewise
    from models.train import train as learn  # noqa: PLC0415 - likewise

    model = learn(rows, trained_on=datetime.now(UTC).date().isoformat())
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    save(model, part)
    part.replace(path)
    return model
