"""WhatsApp Business Cloud API. Only form is checked here; whether Meta accepts it is a live probe."""

from typing import ClassVar

from portal.config.group import ChannelGroup, variable
from portal.config.problems import Problem, warning
from portal.config.secret import Secret
from portal.config.values import Digits, WebAddress

PANEL = "https://developers.facebook.com, your app, WhatsApp, API setup, shows it."
META = "https://graph.facebook.com/v23.0"


class WhatsappGroup(ChannelGroup):
    """The sender's number at Meta, its token, and what receipts are verified with."""

    name: ClassVar[str] = "whatsapp"
    title: ClassVar[str] = "WhatsApp"

    api_url: WebAddress = variable("WHATSAPP_API_URL", META, "Address of the API with its version.", min_length=1)
    phone_number_id: Digits = variable("WHATSAPP_PHONE_NUMBER_ID", "", "Id of the sender's number.")
    access_token: Secret = variable("WHATSAPP_ACCESS_TOKEN", Secret(""), "Token of a system user.")
    business_account_id: Digits = variable("WHATSAPP_BUSINESS_ACCOUNT_ID", "", "Account that owns the templates.")
    verify_token: Secret = variable("WHATSAPP_VERIFY_TOKEN", Secret(""), "Word Meta repeats when subscribing.")
    app_secret: Secret = variable("WHATSAPP_APP_SECRET", Secret(""), "Verifies receipts.")
    daily_limit: int = variable("WHATSAPP_DAILY_LIMIT", 1000, "Recipients in any 24 hours.", ge=1)

    @property
    def is_started(self) -> bool:
        ids = (self.phone_number_id, self.business_account_id)
        return any((*ids, self.access_token, self.verify_token, self.app_secret))

    def missing(self) -> list[Problem]:
        needed = {"WHATSAPP_PHONE_NUMBER_ID": self.phone_number_id, "WHATSAPP_ACCESS_TOKEN": self.access_token}
        return [Problem(name, "is required for WhatsApp", PANEL) for name, value in needed.items() if not value]

    def problems(self) -> list[Problem]:
        if not self.is_started:
            return []
        wanted = {
            "WHATSAPP_BUSINESS_ACCOUNT_ID": (self.business_account_id, "templates cannot be compared with Meta's"),
            "WHATSAPP_VERIFY_TOKEN": (self.verify_token, "receipts cannot be subscribed to"),
            "WHATSAPP_APP_SECRET": (self.app_secret, "receipts cannot be verified and are refused"),
        }
        advised = [warning(name, f"is not set: {loss}", PANEL) for name, (value, loss) in wanted.items() if not value]
        return [*self.missing(), *advised]

    def summary(self) -> str:
        return f"{self.daily_limit} recipients in 24 hours"
