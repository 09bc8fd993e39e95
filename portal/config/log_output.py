"""The log pipeline: structlog and the standard library's loggers, one form, three streams, nothing private."""

from portal.config.configuration import Config


def configure_logging(config: Config, process: str) -> None:
    """Sends every log line of this process where the settings say, and says at start what each channel does."""
