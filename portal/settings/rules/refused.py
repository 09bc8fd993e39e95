"""What a kind of setting says when it cannot take a text: a sentence for the person who typed it."""


class Refused(ValueError):
    """The text is not a value of this kind. The message says what to enter instead."""
