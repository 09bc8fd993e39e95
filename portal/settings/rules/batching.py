"""Settings about putting several messages for one client into one."""

from datetime import timedelta

from portal.settings.rules.numbers import Integer
from portal.settings.rules.setting import Area, Environment, Setting
from portal.settings.rules.times import Duration, as_duration
from portal.settings.rules.words import Boolean, Several, as_words

URGENCIES = (("critical", "Critical"), ("high", "High"), ("normal", "Normal"), ("low", "Low"))

ENABLED: Setting[bool] = Setting(
    key="batching.enabled",
    area=Area.BATCHING,
    kind=Boolean(),
    default=True,
    label="Batch messages",
    help="Several messages for one client on one channel and topic are sent as one digest.",
    source="Your own choice.",
    environment=Environment("batching", ("enabled",), bool),
)
SIZE: Setting[int] = Setting(
    key="batching.size",
    area=Area.BATCHING,
    kind=Integer(2, 20, unit="messages"),
    default=3,
    label="Messages in a batch",
    help="A batch goes out as soon as it holds this many.",
    source="Your own choice.",
    environment=Environment("batching", ("size",), int),
)
WINDOW: Setting[timedelta] = Setting(
    key="batching.window",
    area=Area.BATCHING,
    kind=Duration(timedelta(seconds=30), timedelta(hours=24)),
    default=timedelta(minutes=5),
    label="Longest wait",
    help="A batch goes out this long after its first message, however many it holds.",
    source="Your own choice.",
    environment=Environment("batching", ("window_seconds",), as_duration),
)
URGENCY: Setting[tuple[str, ...]] = Setting(
    key="batching.urgencies",
    area=Area.BATCHING,
    kind=Several(URGENCIES),
    default=("normal", "low"),
    label="Urgencies that may wait",
    help="Messages of the other urgencies are never batched.",
    source="Your own choice.",
    environment=Environment("batching", ("urgencies",), as_words),
)
