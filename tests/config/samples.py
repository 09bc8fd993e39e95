"""Settings for tests of the settings: the least environment that can be used, and marked values to search for."""

from pathlib import Path

from portal.config.configuration import Config
from portal.config.load import Outcome, examine, load_config

KEY = "base64:AQcOFRwjKjE4P0ZNVFtiaXB3foWMk5qhqK+2vcTL0tk="
OTHER_KEY = "hex:9f8e7d6c5b4a39281706f5e4d3c2b1a00f1e2d3c4b5a69788796a5b4c3d2e1f0"
LEAST = {
    "SECRET_KEY": OTHER_KEY,
    "DB_ENCRYPTION_KEY": KEY,
    "DATABASE_URL": "postgresql://heedful_app@/heedful?host=/tmp/none",
    "HEEDFUL_VAR_DIR": "/nonexistent/heedful",
}
SMTP = {
    "SMTP_HOST": "smtp.tidewell.example",
    "SMTP_USERNAME": "tidewell",
    "SMTP_PASSWORD": "smtp-canary-5591",
    "SMTP_FROM_EMAIL": "news@tidewell.example",
}
TWILIO = {
    "TWILIO_ACCOUNT_SID": "AC" + "0123456789abcdef" * 2,
    "TWILIO_AUTH_TOKEN": "twilio-canary-5592",
    "TWILIO_FROM_NUMBER": "+14155550123",
}
WHATSAPP = {
    "WHATSAPP_PHONE_NUMBER_ID": "10987654321",
    "WHATSAPP_ACCESS_TOKEN": "whatsapp-canary-5593",
    "WHATSAPP_BUSINESS_ACCOUNT_ID": "11987654321",
    "WHATSAPP_VERIFY_TOKEN": "verify-canary-5594",
    "WHATSAPP_APP_SECRET": "app-canary-5595",
}


def load(**given: str) -> Config:
    return load_config({**LEAST, **given}, None)


def look(env_file: Path | None = None, **given: str) -> Outcome:
    return examine({**LEAST, **given}, env_file)


def told(outcome: Outcome, variable: str) -> list[str]:
    return [str(problem) for problem in outcome.problems if problem.variable == variable]


def errors(**given: str) -> list[str]:
    return [str(problem) for problem in look(**given).errors]
