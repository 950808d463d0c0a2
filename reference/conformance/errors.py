"""Why the command stops before it has anything to say."""

__all__ = ["CommandError"]


class CommandError(Exception):
    """What was asked cannot be done; the text is one line for the standard error."""
