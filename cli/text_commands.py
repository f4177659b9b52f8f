"""`langnghe classify`, `train`, `evaluate`: texts to domain, kind, lane and urgency."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import msgspec
import typer
from click import get_binary_stream

from cli import training
from cli.lines import BadLine, Readable, Record, answer_lines
from cli.processes import DATA, PORT_BASE, DataOption, PortBase
from cli.say import refused, settings_of

if TYPE_CHECKING:
    from models.classifier import Classification, Classifier
    from models.corpus_rows import Row

FilesArgument = Annotated[list[Path] | None, typer.Argument(help="Tệp JSON lines có nhãn; bỏ trống là tập huấn luyện")]
ExamOption = Annotated[bool, typer.Option("--exam", help="Đo trên bài kiểm tra cố định, không mô hình nào được học")]
FIELDS = ("domain", "confidence", "alternatives", "abstained", "missing", "kind", "lane", "urgency", "text", "reasons",
          "model_version")  # fmt: skip
LONGEST_TEXT = 100_000


def commands(app: typer.Typer) -> None:
    """Registers the commands of this module."""
    app.command("classify")(classify)
    app.command("train")(training.train)
    app.command("evaluate")(evaluate)


def classify(data: DataOption = DATA, port_base: PortBase = PORT_BASE) -> None:
    """Phân loại: mỗi dòng vào là {"id","text"}, mỗi dòng ra là kết quả, theo đúng thứ tự."""
    model = training.fitting_model(settings_of(data, port_base).model)
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
    answer = msgspec.to_builtins(found)
    return {"id": record["id"]} | {name: answer[name] for name in FIELDS}


def evaluate(
    paths: FilesArgument = None, exam: ExamOption = False, data: DataOption = DATA, port_base: PortBase = PORT_BASE
) -> None:
    """Đo mô hình trên các tệp có nhãn, hoặc trên bài kiểm tra cố định."""
    from models import evaluate as measuring  # noqa: PLC0415 - scikit-learn takes a second to import

    model = training.fitting_model(settings_of(data, port_base).model)
    rows = [row for path in paths or [] for row in _labelled(path)] or (training.exam() if exam else training.corpus())
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
