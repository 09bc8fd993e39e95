"""Settings about people who want no more messages: how far a reply reaches, and when there are too many of them."""

from portal.settings.rules.numbers import Rate
from portal.settings.rules.setting import Area, Setting
from portal.settings.rules.words import Boolean

REPLY_STOPS_ALL: Setting[bool] = Setting(
    key="sending.reply_stops_all",
    area=Area.SENDING,
    kind=Boolean(on="everything on that channel", off="marketing only"),
    default=True,
    label="A stop reply stops",
    help="Who answers STOP gets no more marketing on that channel. Switched on, nothing else comes there either.",
    source="47 CFR 64.1200(a)(10); waived for other messages until 31 January 2027. Twilio blocks everything.",
)
RATE: Setting[float] = Setting(
    key="limits.opt_out_rate",
    area=Area.LIMITS,
    kind=Rate(0.1, 100, unit="of 100 messages"),
    default=0.5,
    label="Opt-outs to warn at",
    help="When more people than this opt out after marketing messages, the page of opt-outs says so.",
    source="Your own choice; mail services begin to look closely well below 1 of 100.",
)
