"""Settings about sending at all: the global switch, quiet hours, the most marketing for one client, the deadline."""

from datetime import time, timedelta

from portal.settings.rules.numbers import Integer
from portal.settings.rules.setting import Area, Environment, Setting
from portal.settings.rules.times import Duration, TimeOfDay
from portal.settings.rules.words import Boolean

ENABLED: Setting[bool] = Setting(
    key="sending.enabled",
    area=Area.SENDING,
    kind=Boolean(on="sending", off="stopped"),
    default=True,
    label="Sending",
    help="While sending is stopped, messages wait in the queue and nothing is handed over.",
    source="Your own choice, for an emergency.",
    environment=Environment("general", ("sending_enabled",), bool),
    step_up=True,
)
QUIET_HOURS: Setting[bool] = Setting(
    key="sending.quiet_hours",
    area=Area.SENDING,
    kind=Boolean(),
    default=True,
    label="Keep quiet hours",
    help="Marketing messages that fall into the quiet hours of a client wait until they end. "
    "Hours that the law sets, and those a client chose, hold in any case.",
    source="47 CFR 64.1200(c)(1) for calls and texts to the United States; good manners elsewhere.",
)
QUIET_FROM: Setting[time] = Setting(
    key="sending.quiet_from",
    area=Area.SENDING,
    kind=TimeOfDay(),
    default=time(21, 0),
    label="Quiet from",
    help="From this time on no marketing message is handed over, by the clock of the client.",
    source="47 CFR 64.1200(c)(1): not after 21:00.",
)
QUIET_UNTIL: Setting[time] = Setting(
    key="sending.quiet_until",
    area=Area.SENDING,
    kind=TimeOfDay(),
    default=time(8, 0),
    label="Quiet until",
    help="From this time on waiting marketing messages go out, by the clock of the client.",
    source="47 CFR 64.1200(c)(1): not before 8:00.",
)
CAP_MESSAGES: Setting[int] = Setting(
    key="sending.cap_messages",
    area=Area.SENDING,
    kind=Integer(0, 1_000, unit="messages"),
    default=0,
    label="Most marketing messages to one client",
    help="On all topics and channels together; more of them wait. 0 means no limit. A topic can have its own limit.",
    source="Your own choice.",
)
CAP_DAYS: Setting[int] = Setting(
    key="sending.cap_days",
    area=Area.SENDING,
    kind=Integer(1, 365, unit="days"),
    default=30,
    label="Within",
    help="The days in which these are counted: always the last ones, from the moment a message would go out.",
    source="Your own choice.",
)
DEADLINE: Setting[timedelta] = Setting(
    key="sending.deadline",
    area=Area.SENDING,
    kind=Duration(timedelta(minutes=5), timedelta(days=14)),
    default=timedelta(hours=24),
    label="Deadline of a message",
    help="A message that could not be handed over by then expires, unless its template names a deadline of its own.",
    source="Your own choice.",
)
