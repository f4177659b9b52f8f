"""`make model-report`: measures the model at work and writes docs/model.md with its plots."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from cli import training
from cli.processes import DATA, PORT_BASE, DataOption, PortBase
from cli.say import refused, settings_of

ROOT = Path(__file__).parents[1]
PaknOption = Annotated[Path | None, typer.Option("--pakn", help="Tệp văn bản thật có nhãn, chỉ để đo")]
QuickOption = Annotated[bool, typer.Option("--quick", help="Bỏ phần so sánh từng bước và đường học")]
OutOption = Annotated[Path, typer.Option("--out", help="Thư mục để ghi model.md và các hình")]


def main(
    pakn: PaknOption = None, quick: QuickOption = False, out: OutOption = ROOT / "docs", data: DataOption = DATA,
    port_base: PortBase = PORT_BASE,
) -> None:  # fmt: skip
    """Đo mô hình và ghi docs/model.md."""
    from models.agreement import agreements, overlapping, read_second_labels  # noqa: PLC0415 - scikit-learn is slow
    from models.corpus_rows import read_evaluation  # noqa: PLC0415 - likewise
    from models.report.page import page  # noqa: PLC0415 - likewise
    from models.report.plots import draw_all  # noqa: PLC0415 - needs matplotlib
    from models.report.run import Material, run  # noqa: PLC0415 - likewise

    if pakn and not pakn.exists():
        raise refused(f"Không có tệp {pakn}; hãy kiểm tra đường dẫn.")
    model, rows = training.fitting_model(settings_of(data, port_base).model), training.corpus()
    second = read_second_labels(training.CORPUS)
    others = read_evaluation(pakn) if pakn else []
    material = Material(rows, training.exam(), others, agreements(rows, second), overlapping(rows, second))
    findings = run(model, material, lambda step: print(step, file=sys.stderr, flush=True), quick=quick)
    (out / "model.md").write_text(page(findings, draw_all(findings, out / "model")), encoding="utf-8")
    typer.echo(f"{out / 'model.md'}")


if __name__ == "__main__":
    typer.run(main)
