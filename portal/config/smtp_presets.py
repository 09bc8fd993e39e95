"""What is known about mail providers, so that a preset and a sign-in are enough."""

from dataclasses import dataclass
from enum import StrEnum


class Preset(StrEnum):
    """Providers whose facts are known here."""

    NONE = ""
    GMAIL = "gmail"
    OUTLOOK = "outlook"
    SENDGRID = "sendgrid"
    SES = "ses"


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider: its host, how it wants to be signed in to, and where the password comes from."""

    host: str
    advice: str
    username: str = ""
    token_url: str = ""
    scope: str = ""


PROVIDERS = {
    Preset.GMAIL: Provider(
        "smtp.gmail.com",
        "Gmail takes an app password (needs 2-step verification): https://myaccount.google.com/apppasswords",
        token_url="https://oauth2.googleapis.com/token",  # noqa: S106 - an address, not a password
        scope="https://mail.google.com/",
    ),
    Preset.OUTLOOK: Provider(
        "smtp.office365.com",
        "Microsoft ends password sign-in during 2027; use SMTP_AUTH=oauth2 where you can.",
        token_url="https://login.microsoftonline.com/common/oauth2/v2.0/token",  # noqa: S106
        scope="https://outlook.office.com/SMTP.Send offline_access",
    ),
    Preset.SENDGRID: Provider(
        "smtp.sendgrid.net",
        "SendGrid's password is an API key with the right Mail Send: https://app.sendgrid.com/settings/api_keys",
        username="apikey",
    ),
    Preset.SES: Provider(
        "email-smtp.{region}.amazonaws.com",
        "Amazon SES has own SMTP credentials (not the IAM keys): https://console.aws.amazon.com/ses, SMTP settings",
    ),
}
