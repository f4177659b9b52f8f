"""What people do in a browser, on a whole running system."""

import os
import re
import signal
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from casework.calendar import VIETNAM
from casework.labels import DOMAINS, STAGES
from tests.support.system import System
from tests.support.waiting import eventually

pytestmark = [pytest.mark.kafka, pytest.mark.browser]

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
PATIENCE_MS = 60_000
NUMBER = re.compile(r"^[\d.]+$")
TEXT = "Đống rác trước cổng chợ đã năm ngày không ai dọn, bốc mùi hôi thối, đề nghị cho xe đến thu gom"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, timeout=PATIENCE_MS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, system: System) -> Iterator[Page]:
    """A page of a Vietnamese user; at the end nothing may have gone wrong in it."""
    context = chromium.new_context(
        base_url=f"http://127.0.0.1:{system.ports.web}", locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh"
    )
    context.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield page
    context.close()
    assert wrong == []


def log_in(page: Page, system: System, role: str, path: str) -> None:
    """From a page that asks for it, with the pasted token."""
    page.goto(f"/dang-nhap?tiep={path}", wait_until="load")
    page.get_by_label("Mã truy cập").fill(system.token(role))
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url(f"**{path}")


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


def send_by_keyboard(page: Page, system: System) -> str:
    """Types a text, sees the proposal, sends with Ctrl+Enter; the path of the new case."""
    log_in(page, system, "operator", "/tiep-nhan")
    assert focused(page) == "text"
    page.keyboard.type(TEXT)
    expect(page.locator("#p-domain")).to_have_text(DOMAINS["environment"])
    expect(page.locator("#p-deadline")).to_contain_text("hạn")
    assert focused(page) == "text"
    page.keyboard.press("Control+Enter")
    expect(page.locator("#status")).to_contain_text("Đã gửi")
    return str(page.locator("#recent a").first.get_attribute("href"))


def test_an_operator_types_sees_a_proposal_and_sends_without_the_mouse(page: Page, system: System) -> None:
    send_by_keyboard(page, system)
    assert focused(page) == "text"
    assert page.locator("#text").input_value() == ""
    short_id = page.locator("#status").inner_text().removeprefix("Đã gửi ")
    expect(page.locator("#recent li").first).to_contain_text(short_id)
    expect(page.locator("#proposal")).to_be_hidden()


def check_explained(details: Locator) -> None:
    """Opens the explanation of a deadline, which says something."""
    details.locator("summary").click()
    expect(details.locator("li").first).to_be_visible()
    expect(details.locator("li").first).not_to_be_empty()


def open_form(page: Page, decision: str) -> None:
    """Unfolds the form of a decision where it is folded."""
    button = page.locator(f'form[data-type="{decision}"] button')
    folded = page.locator("details", has=button)
    if folded.count() and folded.get_attribute("open") is None:
        folded.locator("summary").click()


def test_a_case_shows_text_and_deadline_and_follows_what_is_decided(page: Page, system: System) -> None:
    path = send_by_keyboard(page, system)
    feedback_id = path.rsplit("/", 1)[1]
    eventually(
        lambda: system.get(f"/api/v1/feedback/{feedback_id}", "operator").json().get("text"),
        within=PATIENCE_MS / 1000, what="the case is classified", every=0.3,
    )  # fmt: skip
    page.goto(path, wait_until="load")
    expect(page.locator(".citizen").first).to_have_text(TEXT)
    check_explained(page.locator("section[aria-labelledby=due-title] details").first)
    stage = page.locator("section[aria-labelledby=state-title] dd").first
    expect(stage).to_have_text(STAGES["opened"])
    open_form(page, "accepted")
    page.locator('form[data-type="accepted"] button').click()
    expect(stage).to_have_text(STAGES["accepted"])
    open_form(page, "assigned")
    page.locator("#agency-assigned").select_option("LG.HCC")
    page.locator('form[data-type="assigned"] button').click()
    expect(stage).to_have_text(STAGES["assigned"])
    expect(page.locator(".timeline li")).to_have_count(3)


def test_the_worklist_shows_an_overdue_dossier_that_came_after_it_was_opened(page: Page, system: System) -> None:
    code = "H99.1-261005-7001"
    log_in(page, system, "supervisor", "/theo-doi")
    expect(page.locator("#live")).not_to_contain_text(code)
    received = datetime.now(VIETNAM).replace(microsecond=0) - timedelta(days=400)
    answer = system.post("/api/v1/dossier-events", {
        "dossier_code": code, "status": 2, "occurred_at": received.isoformat(),
        "due_at": (received + timedelta(days=10)).isoformat(), "agency": "LG.HCC",
    })  # fmt: skip
    assert answer.status == 202, answer.text
    link = page.locator("#live").get_by_role("link", name=code)
    expect(link).to_be_visible()
    link.click()
    page.wait_for_url(f"**/theo-doi/{code}")
    expect(page.locator(".alert.overdue").first).to_be_visible()
    due = f"{received + timedelta(days=10):%d/%m/%Y}"
    expect(page.locator("#dossier .deadline")).to_contain_text(due)
    check_explained(page.locator("#why"))


def test_the_wall_shows_three_numbers_and_says_so_when_its_data_stand_still(page: Page, system: System) -> None:
    log_in(page, system, "wall", "/giam-sat")
    for number in ("urgent_untaken", "due_today", "overdue"):
        expect(page.locator(f"#{number}")).to_have_text(NUMBER)
    fresh = page.locator("#fresh")
    expect(fresh).to_contain_text("Cập nhật lúc")
    (projector,) = system.pids("cli.main projector")
    os.kill(projector, signal.SIGSTOP)
    try:
        expect(fresh).to_contain_text("DỮ LIỆU CHƯA CẬP NHẬT TỪ")
    finally:
        if system.pids("cli.main projector") == [projector]:
            os.kill(projector, signal.SIGCONT)
    expect(fresh).to_contain_text("Cập nhật lúc")
