"""Errors whose words a person may read."""


class RuleBroken(Exception):
    """An action was refused by a rule. The message says in plain English what happened and what to do.

    `field` names the form field that the words belong beside, or "" when they belong to the whole form.
    """

    def __init__(self, words: str, *, field: str = "") -> None:
        super().__init__(words)
        self.words = words
        self.field = field


class NotAllowed(RuleBroken):
    """The person may not do this at all, whatever they type."""
