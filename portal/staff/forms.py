"""What people type at the door and on their account pages, with the words for what is wrong."""

from zoneinfo import available_timezones

from wtforms import BooleanField, EmailField, Field, PasswordField, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from portal.crypto.blind_index import NotAnAddress, normalise_email
from portal.staff.models import Theme
from portal.staff.rules.passwords import ADVISED_LENGTH, MIN_LENGTH, problem_with_password
from portal.web.forms import Form

WRONG_SIGN_IN = "This email and password do not belong together"
WRONG_PROOF = "That code did not match or was already used"


def is_address(_form: Form, field: Field) -> None:
    """Refuses what cannot be an address before anything is looked up."""
    try:
        normalise_email(field.data or "")
    except NotAnAddress:
        raise ValidationError("Enter an email address such as name@company.example") from None


class SignInForm(Form):
    """The first step at the door."""

    email = EmailField("Work email", [InputRequired("Enter your work email"), is_address])
    password = PasswordField("Password", [InputRequired("Enter your password")])


class ProofForm(Form):
    """The second step at the door, and the proof before a weighty act. What is not asked for is taken out."""

    password = PasswordField("Password", [InputRequired("Enter your password")])
    code = StringField("6-digit code", [InputRequired("Enter the code")])

    def ask(self, *, password: bool, code: bool, recovery: bool) -> "ProofForm":
        """Leaves the fields this person has to fill."""
        if recovery:
            self.code.label.text = "Recovery code"
        if not password:
            del self.password
        if not code:
            del self.code
        return self

    def wrong(self) -> str:
        """What to say when the proof fails; it does not tell which half was wrong."""
        if "code" not in self:
            return "That password is not right"
        return "Password or code did not match, or the code was used before" if "password" in self else WRONG_PROOF


class SetUpForm(Form):
    """A new password from a one-time link."""

    password = PasswordField(
        "New password",
        [InputRequired("Enter a password")],
        description=f"At least {MIN_LENGTH} characters; {ADVISED_LENGTH} or more are better. Pasting is fine.",
    )
    personal: tuple[str, ...] = ()

    def validate_password(self, field: Field) -> None:
        """Holds the password to the rules."""
        if problem := problem_with_password(field.data or "", self.personal):
            raise ValidationError(problem)


class ConfirmCodeForm(Form):
    """Proves that the app has the seed."""

    code = StringField("6-digit code", [InputRequired("Enter the code that the app shows")])


class KeptForm(Form):
    """The person says that the recovery codes are in a safe place."""

    kept = BooleanField("I saved them", [InputRequired("Tick the box once the codes are in a safe place")])


class PlainForm(Form):
    """A button without fields."""


class PreferencesForm(Form):
    """How the portal looks and acts for this person."""

    theme = SelectField(
        "Theme",
        choices=[
            SelectChoice(Theme.SYSTEM.value, "As my device says"),
            SelectChoice(Theme.LIGHT.value, "Light"),
            SelectChoice(Theme.DARK.value, "Dark"),
        ],
    )
    time_zone = SelectField("Time zone", choices=sorted(available_timezones()))
    shortcuts = BooleanField("Single keys act as shortcuts")
