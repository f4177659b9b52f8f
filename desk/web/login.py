"""/dang-nhap and /: a pasted token becomes a browser session."""

from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from desk.web.context import COOKIE, Body, DeskOf, Someone
from desk.web.pages import home

WRONG_TOKEN = "Mã truy cập không đúng. Kiểm tra lại mã do quản trị cấp rồi dán lại cả dòng."  # noqa: S105 - a sentence


def login_page(desk: DeskOf, request: Request, tiep: str = "") -> HTMLResponse:
    return desk.pages.answer("login.html", request, after=_own_path(tiep), error=None)


def log_in(desk: DeskOf, request: Request, body: Body) -> Response:
    """Takes the form's `token`; the cookie is HttpOnly and SameSite."""
    form = {name: values[0] for name, values in parse_qs(body.decode(errors="replace")).items()}
    account, after = desk.accounts.by_token(form.get("token", "").strip()), _own_path(form.get("tiep", ""))
    if account is None:
        page = desk.pages.render("login.html", request, after=after, error=WRONG_TOKEN)
        return HTMLResponse(page, 401)
    answer = RedirectResponse(after or home(account.role), 303)
    session = desk.accounts.open_session(account, desk.now(), desk.settings.session_hours)
    desk.accounts.note(account, "login", None, desk.now())
    answer.set_cookie(
        COOKIE,
        session,
        max_age=desk.settings.session_hours * 3600,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return answer


def log_out(desk: DeskOf, request: Request) -> Response:
    desk.accounts.close_session(request.cookies.get(COOKIE, ""))
    answer = RedirectResponse("/dang-nhap", 303)
    answer.delete_cookie(COOKIE)
    return answer


def start(account: Someone) -> Response:
    """Everybody to the page of their work."""
    return RedirectResponse(home(account.role), 303)


def api_page(desk: DeskOf, request: Request) -> HTMLResponse:
    """The routes of the API in one page, from the OpenAPI document at /openapi.json."""
    paths = request.app.openapi()["paths"]
    rows = [
        (method.upper(), path, operation.get("description", ""))
        for path, methods in paths.items()
        for method, operation in methods.items()
    ]
    return desk.pages.answer("docs.html", request, rows=rows)


def _own_path(path: str) -> str:
    """Only a path of this site, so that a link cannot lead elsewhere after the login."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else ""


def routes() -> APIRouter:
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/dang-nhap", login_page, methods=["GET"])
    router.add_api_route("/dang-nhap", log_in, methods=["POST"])
    router.add_api_route("/dang-xuat", log_out, methods=["POST"])
    router.add_api_route("/", start, methods=["GET"])
    router.add_api_route("/docs", api_page, methods=["GET"])
    return router
