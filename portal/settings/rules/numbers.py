"""Kinds of settings that count something: whole numbers and money. Pure; no database, no Flask."""

import re
from dataclasses import dataclass
from decimal import Decimal

from portal.settings.rules.refused import Refused

MICRO = 1_000_000
MONEY = re.compile(r"^(?P<amount>\d{1,9}(?:\.\d{1,6})?)\s*(?P<currency>[A-Za-z]{3})$")
PRICE = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?")


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number between two bounds, both allowed."""

    low: int
    high: int
    unit: str = ""

    def parse(self, text: str) -> int:
        """The number in the text, or Refused with the bounds."""
        digits = text.strip().replace(" ", "")
        if not re.fullmatch(r"[0-9]{1,12}", digits) or not self.low <= int(digits) <= self.high:
            raise Refused(f"Enter a whole number between {self.low:,} and {self.high:,}.")
        return int(digits)

    def show(self, value: int) -> str:
        """The text that parse reads back as the same value; also what is stored."""
        return str(value)

    def words(self, value: int) -> str:
        """The value as people read it."""
        return f"{value:,} {self.unit}".strip()


@dataclass(frozen=True, slots=True)
class Rate:
    """How many in a second; may have one digit after the point."""

    low: float
    high: float
    unit: str = ""

    def parse(self, text: str) -> float:
        """The rate in the text, or Refused with the bounds."""
        if not re.fullmatch(r"[0-9]{1,6}(\.[0-9])?", text.strip()) or not self.low <= float(text) <= self.high:
            raise Refused(f"Enter a number between {self.low:g} and {self.high:g}, such as 1 or 2.5.")
        return float(text)

    def show(self, value: float) -> str:
        """The text that parse reads back as the same value; also what is stored."""
        return f"{value:g}"

    def words(self, value: float) -> str:
        """The value as people read it."""
        return f"{value:g} {self.unit}".strip()


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in millionths of its currency, so that the price of one message segment stays exact."""

    micro: int
    currency: str

    @property
    def amount(self) -> Decimal:
        """The amount in whole units of the currency."""
        return Decimal(self.micro) / MICRO


def as_money(amount: Decimal, currency: str) -> Money:
    """An amount and a currency of the configuration as money."""
    return Money(int(amount * MICRO), currency)


@dataclass(frozen=True, slots=True)
class MoneyAmount:
    """An amount with its currency, such as 50.00 USD."""

    high: int
    unit: str = ""

    def parse(self, text: str) -> Money:
        """The amount and the currency in the text, or Refused with an example."""
        found = MONEY.match(text.strip())
        if found is None:
            raise Refused("Enter an amount and a currency of three letters, for example 50.00 USD.")
        micro = int(Decimal(found["amount"]) * MICRO)
        if micro > self.high * MICRO:
            raise Refused(f"Enter an amount of at most {self.high:,}.")
        return Money(micro, found["currency"].upper())

    def show(self, value: Money) -> str:
        """The text that parse reads back as the same value; at least two decimals, more where they count."""
        text = f"{value.amount:.6f}"
        return f"{text[:-4]}{text[-4:].rstrip('0')} {value.currency}"

    def words(self, value: Money) -> str:
        """The value as people read it."""
        return f"{self.show(value)} {self.unit}".strip()


@dataclass(frozen=True, slots=True)
class Price:
    """What one of something costs, in millionths of a currency that another setting names."""

    high: int
    unit: str = ""

    def parse(self, text: str) -> int:
        """The millionths of the price in the text, or Refused with an example."""
        if not PRICE.fullmatch(text.strip()) or Decimal(text.strip()) > self.high:
            raise Refused(f"Enter a price of at most {self.high:,} without its currency, for example 0.05.")
        return int(Decimal(text.strip()) * MICRO)

    def show(self, value: int) -> str:
        """The text that parse reads back as the same value; at least two decimals, more where they count."""
        text = f"{Decimal(value) / MICRO:.6f}"
        return f"{text[:-4]}{text[-4:].rstrip('0')}"

    def words(self, value: int) -> str:
        """The value as people read it."""
        return f"{self.show(value)} {self.unit}".strip()
