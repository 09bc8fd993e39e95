"""The one error of the launcher: a sentence for a person, never a trace."""


class LaunchError(Exception):
    """Says in one sentence what stands in the way and what to do about it."""
