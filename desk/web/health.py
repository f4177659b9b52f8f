"""/healthz, /readyz, /metrics."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from urllib.error import URLError
from urllib.request import urlopen

from fastapi import APIRouter
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from desk.store.queries import is_filled
from desk.web.context import Desk, DeskOf

PROBE_SECONDS = 2.0


async def healthz() -> Response:
    """The process answers: on the event loop, for all threads may be waiting for Kafka."""
    return PlainTextResponse("ok\n")


def readyz(desk: DeskOf) -> JSONResponse:
    """200 only when every process is ready; names those that are not."""
    failing = [name for name, good in {**_own(desk), **_others(desk.settings.ready_urls)}.items() if not good]
    return JSONResponse({"ready": not failing, "waiting_for": failing}, 503 if failing else 200)


def metrics(desk: DeskOf) -> Response:
    return Response(generate_latest(desk.metrics.registry), media_type=CONTENT_TYPE_LATEST)


def _own(desk: Desk) -> dict[str, bool]:
    return {"kafka": desk.outbox.ready(), "read_model": _read_model(desk)}


def _read_model(desk: Desk) -> bool:
    try:
        with desk.engine.connect() as connection:
            return is_filled(connection)
    except SQLAlchemyError:
        return False


def _others(urls: Mapping[str, str]) -> dict[str, bool]:
    if not urls:
        return {}
    with ThreadPoolExecutor(len(urls)) as pool:
        return dict(zip(urls, pool.map(_answers, urls.values()), strict=True))


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=PROBE_SECONDS) as response:  # noqa: S310 - addresses come from settings
            return bool(response.status == 200)
    except (URLError, OSError, ValueError):
        return False


def routes() -> APIRouter:
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/healthz", healthz, methods=["GET"])
    router.add_api_route("/readyz", readyz, methods=["GET"])
    router.add_api_route("/metrics", metrics, methods=["GET"])
    return router
