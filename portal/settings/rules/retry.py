"""Settings about trying again after a hand-over that failed for now."""

from datetime import timedelta

from portal.settings.rules.numbers import Integer
from portal.settings.rules.setting import Area, Environment, Setting
from portal.settings.rules.times import Duration, Durations, as_duration, as_durations

MAX_RETRIES: Setting[int] = Setting(
    key="retry.max_retries",
    area=Area.RETRY,
    kind=Integer(0, 10, unit="retries"),
    default=3,
    label="Retries",
    help="Tries after the first one, at the waits below. After them one try an hour follows until the deadline.",
    source="Your own choice.",
    environment=Environment("retry", ("max_retries",), int),
)
DELAYS: Setting[tuple[timedelta, ...]] = Setting(
    key="retry.delays",
    area=Area.RETRY,
    kind=Durations(Duration(timedelta(seconds=5), timedelta(days=1)), most=10),
    default=(timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15)),
    label="Waits before each retry",
    help="With commas between them, the first before the first retry. Further retries use the last one.",
    source="Your own choice.",
    environment=Environment("retry", ("delays",), as_durations),
)
JITTER: Setting[int] = Setting(
    key="retry.jitter_percent",
    area=Area.RETRY,
    kind=Integer(0, 50, unit="%"),
    default=20,
    label="Spread",
    help="Each wait is made shorter or longer by up to this share, so that retries do not all come at once.",
    source="Your own choice.",
    environment=Environment("retry", ("jitter_percent",), int),
)
LATER_INTERVAL: Setting[timedelta] = Setting(
    key="retry.later_interval",
    area=Area.RETRY,
    kind=Duration(timedelta(minutes=5), timedelta(days=1)),
    default=timedelta(hours=1),
    label="Then every",
    help="The wait between the tries that follow the retries, until the deadline of the message.",
    source="Your own choice.",
    environment=Environment("retry", ("later_every",), as_duration),
)
