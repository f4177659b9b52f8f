"""Accounts, for the administrator: POST /api/v1/accounts."""

from typing import Annotated

from fastapi import APIRouter, Depends

from casework.agencies import UNKNOWN
from desk.web import contract
from desk.web.accounts import ROLES, Account
from desk.web.context import Body, DeskOf, only
from desk.web.posting import read_object
from desk.web.problems import unreadable
from streams.codec import InvalidInput
from streams.codec.errors import invalid
from streams.codec.feedback import feedback_id
from streams.codec.fields import Reader, one_of, word


def post_account(desk: DeskOf, admin: Annotated[Account, Depends(only("admin"))], body: Body) -> dict[str, str | None]:
    """`{"id", "role", "agency"?}` → the account's new token, shown this once."""
    reader = Reader(read_object(body))
    id_ = reader.required("id", feedback_id)
    role = reader.required("role", lambda field, value: one_of(field, value, ROLES))
    agency = reader.optional("agency", lambda field, value: word(field, value, 300))
    try:
        reader.finish()
        account = Account(str(id_), str(role), _listed(desk, agency))
    except InvalidInput as error:
        raise unreadable(error) from None
    token = desk.accounts.add(account)
    desk.accounts.note(admin, f"account.put {account.role}", account.id, desk.now())
    return {"id": account.id, "role": account.role, "agency": account.agency, "token": token}


def _listed(desk: DeskOf, agency: str | None) -> str | None:
    if agency is None:
        return None
    code = desk.settings.rules.agencies.match(agency)
    if code == UNKNOWN or desk.settings.rules.agencies.get(code) is None:
        raise invalid("agency", "unknown_agency", "không có đơn vị này; ghi mã hoặc tên đúng như danh mục")
    return code


def routes() -> APIRouter:
    router = APIRouter(tags=["Quản trị"])
    router.add_api_route("/api/v1/accounts", post_account, methods=["POST"], status_code=201,
                         description="Tạo tài khoản; mã truy cập chỉ hiện một lần trong câu trả lời.",
                         responses=contract.REFUSALS, openapi_extra=contract.body(contract.ACCOUNT))  # fmt: skip
    return router
