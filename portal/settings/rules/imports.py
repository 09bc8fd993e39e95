"""Settings about files of clients that staff bring in."""

from portal.settings.rules.numbers import Integer
from portal.settings.rules.setting import Area, Setting

FILE_SIZE: Setting[int] = Setting(
    key="limits.import_megabytes",
    area=Area.LIMITS,
    kind=Integer(1, 500, unit="MB"),
    default=50,
    label="Largest file of clients",
    help="A larger file is refused before it is read. 100,000 clients take about 10 MB as CSV.",
    source="Your own choice.",
)
