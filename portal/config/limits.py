"""How much may be sent to one number and spent in one day."""

from decimal import Decimal
from typing import ClassVar

from portal.config.group import Group, variable
from portal.config.problems import Problem
from portal.config.values import OneLine


class LimitsGroup(Group):
    """Ceilings that hold even where a provider would allow more."""

    name: ClassVar[str] = "limits"
    title: ClassVar[str] = "Limits"

    per_hour_per_number: int = variable("LIMIT_PER_HOUR_PER_NUMBER", 5, "Messages an hour to one number.", ge=1)
    per_day_per_number: int = variable("LIMIT_PER_DAY_PER_NUMBER", 20, "Messages a day to one number.", ge=1)
    cost_per_day: Decimal = variable("LIMIT_COST_PER_DAY", Decimal("50.00"), "Money a day.", ge=0, decimal_places=2)
    cost_currency: OneLine = variable("LIMIT_COST_CURRENCY", "USD", "Currency of that sum.", pattern="^[A-Z]{3}$")
    warning_percent: int = variable("LIMIT_WARNING_PERCENT", 80, "Share that warns.", ge=1, le=100)

    def problems(self) -> list[Problem]:
        if self.per_hour_per_number > self.per_day_per_number:
            wrong = "is larger than LIMIT_PER_DAY_PER_NUMBER, so it would never take effect"
            return [Problem("LIMIT_PER_HOUR_PER_NUMBER", wrong, "Lower it, or raise the daily limit.")]
        return []

    def summary(self) -> str:
        numbers = f"{self.per_hour_per_number} an hour and {self.per_day_per_number} a day per number"
        return f"{numbers}, {self.cost_per_day} {self.cost_currency} a day, warning at {self.warning_percent} %"
