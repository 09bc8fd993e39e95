"""The way of simulation: takes every SMS that Twilio could take, and hands it to nobody."""

import uuid

from portal.channels.base import Accepted, Outcome, Refused
from portal.channels.sms.text import Sms, objection

PREFIX = "SIM"


class SimulatedSms:
    """Accepts like the real one. Whoever uses it keeps the text where people can look at it."""

    def send(self, sms: Sms) -> Outcome:
        """Accepts under an invented id, or refuses what no provider would take."""
        failure = objection(sms)
        return Refused(failure) if failure else Accepted(f"{PREFIX}{uuid.uuid4()}", "simulated")

    def close(self) -> None:
        """There is nothing to end."""
