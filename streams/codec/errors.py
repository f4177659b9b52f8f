"""Input that cannot be read."""

from collections.abc import Sequence

from casework.errors import InvalidField


class InvalidInput(ValueError):
    """One message with everything that is wrong with it; shown as HTTP 400, dead letter or refused row."""

    def __init__(self, errors: Sequence[InvalidField]) -> None:
        super().__init__("; ".join(f"{error.field}: {error.message}" for error in errors))
        self.errors = tuple(errors)

    @property
    def reason(self) -> str:
        """Code and field of the first error, never a value: what a dead letter may say."""
        return f"{self.errors[0].code} {self.errors[0].field}"


def invalid(field: str, code: str, message: str) -> InvalidInput:
    return InvalidInput([InvalidField(field, code, message)])
