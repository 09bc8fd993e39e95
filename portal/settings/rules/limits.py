"""Settings about how much may go out: per number, per day, per second, and what it may cost."""

from portal.settings.rules.numbers import MICRO, Integer, Money, MoneyAmount, Price, Rate, as_money
from portal.settings.rules.setting import Area, Environment, Setting

PER_HOUR: Setting[int] = Setting(
    key="limits.per_hour",
    area=Area.LIMITS,
    kind=Integer(1, 1_000, unit="an hour"),
    default=5,
    label="Messages to one number, an hour",
    help="Further messages to the same number wait for the next hour.",
    source="Your own choice.",
    environment=Environment("limits", ("per_hour_per_number",), int),
)
PER_DAY: Setting[int] = Setting(
    key="limits.per_day",
    area=Area.LIMITS,
    kind=Integer(1, 10_000, unit="a day"),
    default=20,
    label="Messages to one number, a day",
    help="Further messages to the same number wait for the next day.",
    source="Your own choice.",
    environment=Environment("limits", ("per_day_per_number",), int),
)
MONEY_PER_DAY: Setting[Money] = Setting(
    key="limits.money_per_day",
    area=Area.LIMITS,
    kind=MoneyAmount(high=1_000_000, unit="a day"),
    default=Money(50 * MICRO, "USD"),
    label="Money a day",
    help="When the messages of a day have cost this much, further paid ones wait. In the currency of your account.",
    source="Your own choice.",
    environment=Environment("limits", ("cost_per_day", "cost_currency"), as_money),
)
SMS_PRICE: Setting[int] = Setting(
    key="limits.sms_price",
    area=Area.LIMITS,
    kind=Price(high=100, unit="a segment"),
    default=50_000,
    label="Price of an SMS segment",
    help="An estimate by which the money of a day is counted, in the same currency. Countries differ a lot: take the "
    "dearest you write to.",
    source="The price list of your Twilio account.",
)
WHATSAPP_PER_DAY: Setting[int] = Setting(
    key="limits.whatsapp_per_day",
    area=Area.LIMITS,
    kind=Integer(1, 1_000_000, unit="people a day"),
    default=1_000,
    label="WhatsApp, people a day",
    help="People you may start a conversation with in any 24 hours. Raise it only after your number was raised.",
    source="The tier of your WhatsApp number.",
    environment=Environment("whatsapp", ("daily_limit",), int),
)
SMS_PER_SECOND: Setting[float] = Setting(
    key="limits.sms_per_second",
    area=Area.LIMITS,
    kind=Rate(0.1, 1_000, unit="segments a second"),
    default=1.0,
    label="SMS, segments a second",
    help="How fast SMS are handed over. A longer text counts as several segments.",
    source="The throughput of your Twilio number.",
    environment=Environment("twilio", ("segments_per_second",), float),
)
WARNING: Setting[int] = Setting(
    key="limits.warning_percent",
    area=Area.LIMITS,
    kind=Integer(1, 100, unit="%"),
    default=80,
    label="Warn at",
    help="When this share of a daily limit is used, admins are told.",
    source="Your own choice.",
    environment=Environment("limits", ("warning_percent",), int),
)
