"""Lists the fixtures; each file of them has one owner and one subject."""

pytest_plugins = [
    "tests.fixtures.marks",
    "tests.fixtures.network",
    "tests.fixtures.servers",
    "tests.fixtures.database",
    "tests.fixtures.pages",
    "tests.fixtures.people",
    "tests.fixtures.browser",
    "tests.fixtures.workers",
    "tests.fixtures.apart",
    "tests.fixtures.mail",
    "tests.fixtures.sending",
    "tests.fixtures.twilio",
]
