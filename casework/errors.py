"""What can be wrong with the input of a rule."""


class CaseworkError(ValueError):
    """Base of all errors of this package."""


class InvalidField(CaseworkError):
    """A value that no rule can use: `field` names it, `code` is a stable reason, the message tells the user the fix."""

    def __init__(self, field: str, code: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.code = code
        self.message = message
