"""The period above the figures; read from the address, so that it can be kept and sent to a colleague."""

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from portal.analytics.rules import PERIODS
from portal.web.forms import Form

DEFAULT = "30d"


class PeriodForm(Form):
    """Which period is shown."""

    class Meta(Form.Meta):
        csrf = False

    period = SelectField(
        "Period", choices=[SelectChoice(key, words) for key, (words, _, _) in PERIODS.items()], default=DEFAULT
    )

    @property
    def key(self) -> str:
        """The period that was chosen; the usual one for what is none."""
        return self.period.data if self.period.data in PERIODS else DEFAULT
