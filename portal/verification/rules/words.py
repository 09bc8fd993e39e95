"""How staff read a verification: what it was for, and how it ended with icon and look."""

from portal.verification.models import Purpose, VerificationState

PURPOSES: dict[str, str] = {
    Purpose.OPT_IN: "Code to confirm a subscription",
    Purpose.IDENTITY: "Code to prove the identity",
}
STATES: dict[str, tuple[str, str, str]] = {
    VerificationState.STARTED: ("nobody knows whether it was sent", "alert", "warn"),
    VerificationState.SENT: ("sent, not entered yet", "sms", "info"),
    VerificationState.UNCERTAIN: ("nobody knows whether it was sent", "alert", "warn"),
    VerificationState.FAILED: ("not sent", "x", "bad"),
    VerificationState.SUPERSEDED: ("replaced by a newer one", "minus", "none"),
    VerificationState.CONFIRMED: ("entered, the number is proved", "check", "ok"),
    VerificationState.EXHAUSTED: ("three wrong codes, no longer valid", "x", "warn"),
}
