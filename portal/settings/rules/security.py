"""Settings about how old credentials and keys may grow."""

from datetime import timedelta

from portal.settings.rules.setting import Area, Environment, Setting
from portal.settings.rules.times import Duration, as_days

DAY = timedelta(days=1)

ROTATION_INTERVAL: Setting[timedelta] = Setting(
    key="security.rotation_interval",
    area=Area.SECURITY,
    kind=Duration(7 * DAY, 730 * DAY),
    default=90 * DAY,
    label="Rotate every",
    help="The longest a credential or key should be in use. Older ones are shown as overdue.",
    source="Your own choice; 90 days is usual.",
    environment=Environment("security", ("rotation_interval_days",), as_days),
)
ROTATION_WARNING: Setting[timedelta] = Setting(
    key="security.rotation_warning",
    area=Area.SECURITY,
    kind=Duration(DAY, 90 * DAY),
    default=7 * DAY,
    label="Warn before",
    help="This long before a credential or key is overdue, admins are told.",
    source="Your own choice.",
    environment=Environment("security", ("rotation_warning_days",), as_days),
)
