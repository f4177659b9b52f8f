"""/chat-luong-phan-loai: how good the classifier is, where it is weak, and how its proposals fare with people."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from casework.labels import DOMAINS
from desk.store.judged import Fared, fared, together
from desk.web.accounts import Account
from desk.web.context import DeskOf, only
from models.artifact import ArtifactError, origin
from models.classifier import Metadata
from models.figures import FIGURES

Administrator = Annotated[Account, Depends(only("admin"))]
CONFUSED = 8
UNSEEN = ("domain", "answered", "domain_when_answered", "kind", "lane", "urgency")


@dataclass(frozen=True, slots=True)
class Mark:
    """A figure in words and as a share; `met` says whether its target was reached, null where it has none."""

    words: str
    share: float
    target: float | None = None
    met: bool | None = None
    most: bool = False


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain as the model was measured on it, and as people corrected it; shares between 0 and 1."""

    name: str
    precision: float
    recall: float
    f1: float
    count: int
    lived: Fared


def page(desk: DeskOf, account: Administrator, request: Request) -> HTMLResponse:
    """Figures of the artefact that is at work, beside live ones of the read model."""
    with desk.engine.connect() as connection:
        lived = fared(connection)
    model, problem = _model(desk.settings.models_path)
    return desk.pages.answer(
        "quality.html", request, account=account, model=model, problem=problem, lived=together(lived),
        versions=_by_version(lived), **_figures(model.scores if model else {}, lived),
    )  # fmt: skip


def _model(path: Any) -> tuple[Metadata | None, str | None]:
    if path is None:
        return None, "Chưa có mô hình phân loại. Hãy chạy “langnghe train”."
    try:
        return origin(path), None
    except ArtifactError as error:
        return None, str(error)


def _figures(scores: Mapping[str, Any], lived: Sequence[Fared]) -> dict[str, Any]:
    """What the template shows of scores; an older artefact has fewer."""
    exam = scores.get("exam", {})
    return {
        "exam": [_mark(name, exam[name]) for name in FIGURES if name in exam],
        "unseen": [Mark(FIGURES[name].words, scores[name]) for name in UNSEEN if name in scores],
        "rows": int(scores.get("rows", 0)),
        "domains": _domains(scores.get("domains", []), lived),
        "confused": [
            (DOMAINS[pair["wanted"]], DOMAINS[pair["given"]], pair["count"])
            for pair in scores.get("confused", [])[:CONFUSED]
        ],
    }


def _mark(name: str, share: float) -> Mark:
    figure = FIGURES[name]
    return Mark(figure.words, share, figure.target, figure.met(share), most=figure.less)


def _domains(scores: Iterable[Mapping[str, Any]], lived: Sequence[Fared]) -> list[Domain]:
    """The weakest first."""
    found = [
        Domain(
            DOMAINS[score["domain"]], score["precision"], score["recall"], score["f1"], score["count"],
            together(part for part in lived if part.domain == score["domain"]),
        )
        for score in scores
    ]  # fmt: skip
    return sorted(found, key=lambda domain: domain.f1)


def _by_version(lived: Sequence[Fared]) -> list[Fared]:
    """What each model that classified a case came to, the one with most cases first."""
    versions = {part.version for part in lived}
    found = [together((part for part in lived if part.version == each), version=each) for each in versions]
    return sorted(found, key=lambda part: (-part.cases, part.version))


def routes() -> APIRouter:
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/chat-luong-phan-loai", page, methods=["GET"])
    return router
