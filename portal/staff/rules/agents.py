"""Browsers in two words, so that a person knows their own sessions without the whole header being kept."""

BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def agent_class(header: str) -> str:
    """For example "Firefox on Linux"; an unknown one says so."""
    browser = next((name for mark, name in BROWSERS if mark in header), "Unknown browser")
    system = next((name for mark, name in SYSTEMS if mark in header), None)
    return f"{browser} on {system}" if system else browser
