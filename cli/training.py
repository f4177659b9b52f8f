"""`langnghe train`: a model from our own corpus, or from what people corrected as well, which has to earn its place."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Annotated

import typer

from cli.processes import DATA, PORT_BASE, DataOption, PortBase
from cli.say import refused, settings_of
from cli.settings import Settings
from models.figures import FIGURES

if TYPE_CHECKING:
    from models.classifier import Classifier
    from models.corpus_rows import Row

CORPUS = Path(str(files("models") / "corpus"))
ForceOption = Annotated[bool, typer.Option("--force", help="Huấn luyện lại dù mô hình đang có vẫn hợp")]
CorrectionsOption = Annotated[
    bool, typer.Option("--corrections", help="Học thêm từ các lần cán bộ sửa phân loại; chỉ thay khi không kém hơn")
]
FromOption = Annotated[
    Path | None, typer.Option("--from", help="Tệp JSON lines các bản sửa, thay cho sự kiện trong Kafka")
]


def train(
    force: ForceOption = False,
    corrections: CorrectionsOption = False,
    source: FromOption = None,
    data: DataOption = DATA,
    port_base: PortBase = PORT_BASE,
) -> None:
    """Huấn luyện mô hình từ tập văn bản kèm theo, trừ khi mô hình đang có vẫn hợp."""
    settings = settings_of(data, port_base)
    if corrections or source:
        model = _with_corrections(settings, source, force=force)
    else:
        model = from_corpus(settings.model, force=force)
    scores = model.metadata.scores
    typer.echo(f"  Số văn bản đã học: {scores.get('rows', 0):g}; với người viết chưa từng gặp:")
    for name, figure in FIGURES.items():
        if name in scores:
            typer.echo(f"  {figure.words}: {scores[name]:g}")


def fitting_model(path: Path) -> "Classifier":
    """The artefact; made first where there is none, so that a fresh installation just works."""
    from models.artifact import ArtifactError, load  # noqa: PLC0415 - scikit-learn takes a second to import

    if not path.exists():
        typer.echo("Chưa có mô hình; đang huấn luyện lần đầu…", err=True)
        return put_in_place(_learnt(corpus()), path)
    try:
        return load(path)
    except ArtifactError as error:
        raise refused(f"{error} (langnghe train --force)") from None


def corpus() -> "list[Row]":
    """Our own rows. Ends the command where one cannot be learnt from."""
    from models.corpus_rows import CorpusError, parts, read_corpus  # noqa: PLC0415 - likewise

    try:
        return read_corpus(parts(CORPUS))
    except (CorpusError, ValueError) as error:
        raise refused(f"Tập huấn luyện có dòng hỏng: {error}") from None


def exam() -> "list[Row]":
    """The rows that no model learns from."""
    from models.corpus_rows import read_exam  # noqa: PLC0415 - likewise

    return read_exam(CORPUS)


def put_in_place(model: "Classifier", path: Path) -> "Classifier":
    """Whoever reads meanwhile sees the old artefact or the new one, whole."""
    from models.artifact import save  # noqa: PLC0415 - likewise

    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=f"{path.name}.", suffix=".part", delete=False) as part:
        pass
    try:
        save(model, Path(part.name))
        Path(part.name).chmod(0o644)
        os.replace(part.name, path)  # noqa: PTH105 - the name of a file, not a path
    finally:
        Path(part.name).unlink(missing_ok=True)
    return model


def from_corpus(path: Path, *, force: bool = False) -> "Classifier":
    """The model at `path` where it was learnt from our own texts, else one that is learnt now and put there."""
    rows, old = corpus(), _usable(path)
    if old is not None and not force and _comes_from(old, rows):
        typer.echo(f"Mô hình {old.metadata.version} vẫn hợp, không huấn luyện lại (--force để làm lại): {path}")
        return old
    model = put_in_place(_learnt(rows), path)
    typer.echo(f"Đã huấn luyện mô hình {model.metadata.version}: {path}")
    if old is not None and old.metadata.corrections:
        typer.echo("Mô hình trước đã học từ các bản sửa; để học lại chúng: langnghe train --corrections")
    return model


def _with_corrections(settings: Settings, source: Path | None, *, force: bool) -> "Classifier":
    """The promoted model; ends the command where there is nothing new to learn, or the new model is worse."""
    from cli.corrections import corrections_of  # noqa: PLC0415 - brings in Kafka
    from models.corpus_rows import corpus_hash  # noqa: PLC0415 - likewise

    rows, asked = corpus(), exam()
    corrected = corrections_of(settings, source, asked)
    if not corrected:
        raise refused("Chưa có lần sửa phân loại nào để học.", status=0)
    old = _usable(settings.model)
    if old is not None and not force and old.metadata.corpus == corpus_hash([*rows, *corrected]):
        raise refused(f"Mô hình {old.metadata.version} đã học cả {len(corrected)} bản sửa này.", status=0)
    typer.echo(f"Học thêm từ {len(corrected)} bản sửa…")
    return _promoted(_learnt(rows, corrected), old, asked, settings.model)


def _promoted(new: "Classifier", old: "Classifier | None", asked: "Sequence[Row]", path: Path) -> "Classifier":
    from models.promotion import compare, sit_exam  # noqa: PLC0415 - likewise

    if old is not None:
        figures = compare(sit_exam(old, asked).metadata.scores["exam"], new.metadata.scores["exam"])
        typer.echo(f"So trên bài kiểm tra cố định ({len(asked)} văn bản), mô hình đang dùng → mô hình mới:")
        typer.echo("\n".join(f"  {figure.line()}" for figure in figures))
        if any(figure.worse for figure in figures):
            raise refused(f"Không thay: mô hình mới kém hơn. Mô hình {old.metadata.version} vẫn được dùng.")
    put_in_place(new, path)
    typer.echo(f"Đã thay bằng mô hình {new.metadata.version}: {path}")
    typer.echo("Các tiến trình đang chạy tự chuyển sang mô hình mới trong vài giây, không cần khởi động lại.")
    return new


def _learnt(rows: "Sequence[Row]", corrected: "Sequence[Row]" = ()) -> "Classifier":
    """A new model that has sat the exam."""
    from models.promotion import sit_exam  # noqa: PLC0415 - likewise
    from models.train import train as learn  # noqa: PLC0415 - likewise

    return sit_exam(learn(rows, datetime.now(UTC).date().isoformat(), corrected), exam())


def _usable(path: Path) -> "Classifier | None":
    """The artefact where it can be used here."""
    from models.artifact import ArtifactError, load  # noqa: PLC0415 - likewise

    try:
        return load(path)
    except ArtifactError:
        return None


def _comes_from(model: "Classifier", rows: "Sequence[Row]") -> bool:
    from models.corpus_rows import corpus_hash  # noqa: PLC0415 - likewise

    return (model.metadata.base or model.metadata.corpus) == corpus_hash(rows)
