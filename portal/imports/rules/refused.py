"""What makes a whole file useless, said in a sentence that names the place and the way out."""


class FileRefused(ValueError):
    """A file that cannot be imported; the text is a sentence for people and repeats nothing personal."""
