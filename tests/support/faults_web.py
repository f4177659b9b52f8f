"""A client of the web that tries again under its key until it is answered, and commands of `langnghe` on a field."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from http.client import HTTPException
from typing import Any

from cli.settings import HERE
from tests.support.faults import Field

TRY_SECONDS = 90.0


def post(field: Field, path: str, body: object, role: str, key: str) -> dict[str, Any]:
    """The answer of a post that is repeated under one Idempotency-Key while nobody, or only 503, answers."""
    deadline = time.monotonic() + TRY_SECONDS
    while True:
        found = ask(field, path, role, body, key)
        if found is not None:
            return found
        assert time.monotonic() < deadline, f"no answer to {path} under {key}"
        time.sleep(0.3)


def ask(field: Field, path: str, role: str, body: object = None, key: str = "") -> dict[str, Any] | None:
    """One request; None where nobody answers or the answer is 503. Raises AssertionError for any other refusal."""
    token = json.loads((field.data / "tokens.json").read_text())[role]
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    headers |= {"Idempotency-Key": key} if key else {}
    content = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{field.base}{path}", content, headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            found: dict[str, Any] = json.loads(answer.read())
            return found
    except urllib.error.HTTPError as problem:
        assert problem.code in {404, 503}, f"{path}: {problem.code} {problem.read().decode()}"
        return None
    except (OSError, HTTPException, ValueError):
        return None


def langnghe(field: Field, *arguments: str) -> subprocess.Popen[bytes]:
    """A command of the product on the data and topics of a field, started."""
    command = [sys.executable, "-m", "cli.main", *arguments, "--data", str(field.data), "--port-base", str(field.base)]
    log = (field.data / "commands.log").open("ab")
    with log:
        return subprocess.Popen(command, cwd=HERE, env=os.environ | field.environment(), stdout=log, stderr=log)
