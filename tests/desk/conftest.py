from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.desk import TestDesk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TestDesk]:
    found = TestDesk(tmp_path)
    yield found
    found.close()
