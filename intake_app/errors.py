"""The one kind of error a person at the desk should see: something they can act on."""


class UserError(Exception):
    """Says what happened and what to do, and is shown where the user is looking; anything else is a bug."""

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.what} {self.hint}".strip()
