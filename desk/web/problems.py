"""Refusals: one exception, one shape of answer, in the user's language with the fix."""

import logging
from collections.abc import Iterable, Mapping
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from casework.errors import InvalidField
from streams.codec import InvalidInput

log = logging.getLogger(__name__)

SENTENCES = {
    400: "yêu cầu không hợp lệ; xem hướng dẫn ở /docs",
    401: "chưa đăng nhập hoặc mã truy cập không đúng; gửi “Authorization: Bearer MÃ” hoặc mở /dang-nhap",
    403: "vai trò của tài khoản không được làm việc này",
    404: "không tìm thấy; kiểm tra lại mã, hoặc tải lại trang nếu đang mở từ trước",
    405: "đường dẫn này không nhận phương thức vừa dùng; xem /docs",
    409: "Idempotency-Key này đã dùng cho nội dung khác; tạo khóa mới cho nội dung mới",
    413: "nội dung gửi lên quá lớn; chia thành nhiều lần gửi",
    429: "gửi quá nhanh; chờ ít phút rồi thử lại",
    503: "chưa ghi được vào hệ thống; giữ nguyên nội dung và gửi lại sau ít giây với cùng Idempotency-Key",
}


READING = "chưa đọc được dữ liệu hiển thị; thử lại sau ít giây"
FILLING = "dữ liệu hiển thị đang được dựng lại nên chưa xem được; việc tiếp nhận vẫn chạy, thử lại sau ít phút"


class RequestError(Exception):
    """An answer other than success. `errors` are (field, message) pairs; `$` is the request as a whole."""

    def __init__(
        self, status: int, errors: Iterable[tuple[str, str]] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(status)
        self.status = status
        self.errors = list(errors) or [("$", SENTENCES[status])]
        self.headers = dict(headers or {})

    def body(self) -> dict[str, list[dict[str, str]]]:
        return {"errors": [{"field": field, "message": message} for field, message in self.errors]}


def field_errors(errors: Iterable[InvalidField]) -> list[tuple[str, str]]:
    return [(error.field, error.message) for error in errors]


def unreadable(error: InvalidInput) -> RequestError:
    """400 with every field at fault."""
    return RequestError(400, field_errors(error.errors))


def wrong(field: str, message: str) -> RequestError:
    return RequestError(400, [(field, message)])


def unavailable(retry_after: int, sentence: str | None = None) -> RequestError:
    """503; `retry_after` in seconds."""
    return RequestError(503, [("$", sentence or SENTENCES[503])], {"Retry-After": str(retry_after)})


def install(app: FastAPI) -> None:
    """Every refusal, also the framework's own, in the one shape; a page gets a page."""
    app.add_exception_handler(RequestError, _problem)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(SQLAlchemyError, _database)


def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestError)  # noqa: S101 - registered for this class only
    if _is_page(request):
        return _page(request, error)
    headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}
    return JSONResponse(error.body(), error.status, headers | error.headers)


def _validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    fields = [".".join(str(part) for part in item["loc"][1:]) or "$" for item in error.errors()]
    return _problem(request, RequestError(400, [(field, _fix(field)) for field in fields]))


def _fix(field: str) -> str:
    return f"giá trị của “{field}” thiếu hoặc sai kiểu; xem kiểu đúng ở /docs"


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    status = error.status_code if error.status_code in SENTENCES else 400
    return _problem(request, RequestError(status, headers=error.headers))


def _database(request: Request, error: Exception) -> Response:
    """A database that is away, or a read model that is being made anew."""
    log.warning("database: %s", type(error).__name__)
    sentence = READING if request.method == "GET" else None
    return _problem(request, unavailable(request.app.state.desk.settings.retry_after, sentence))


def _is_page(request: Request) -> bool:
    return not request.url.path.startswith(("/api/", "/healthz", "/readyz", "/metrics")) and request.method == "GET"


def _page(request: Request, problem: RequestError) -> Response:
    if problem.status == 401:
        return RedirectResponse(f"/dang-nhap?tiep={quote(request.url.path)}", 303)
    pages = request.app.state.desk.pages
    return HTMLResponse(pages.render("error.html", request, problem=problem), problem.status, problem.headers)
