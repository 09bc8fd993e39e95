"""What sending does at present, for the badge that every page carries."""

from dataclasses import dataclass

from portal.config.channels import Channel, ChannelMode
from portal.config.configuration import Config

NAMES = {Channel.EMAIL: "email", Channel.SMS: "SMS", Channel.WHATSAPP: "WhatsApp"}


@dataclass(frozen=True, slots=True)
class Mode:
    """One word, and the sentence that stays for screen readers on narrow screens."""

    kind: str
    word: str
    text: str


def sending_mode(config: Config, *, sending: bool) -> Mode:
    """The mode of the portal as a whole; what is live is named first, because it reaches people."""
    if not sending:
        return Mode("warn", "Sending is off", "messages wait, nothing is handed over")
    live = [NAMES[channel] for channel in Channel if config.mode_of(channel) is ChannelMode.LIVE]
    simulated = [NAMES[channel] for channel in Channel if config.mode_of(channel) is ChannelMode.SIMULATION]
    if live:
        rest = f", {' and '.join(simulated)} simulated" if simulated else ""
        return Mode("ok", "Live", f"{', '.join(live)}{rest}")
    if simulated:
        return Mode("info", "Simulation", "nothing leaves this machine")
    return Mode("warn", "No channel", "nothing can be sent")
