"""The second factor: time-based codes that work once (RFC 6238), and recovery codes for the day the phone is gone."""

import hmac
import secrets
from datetime import datetime

import pyotp

STEP_SECONDS = 30
SKEW_STEPS = 1  # clocks differ; RFC 6238 5.2 advises one step
CODE_TRIES = 5

RECOVERY_CODES = 10
RECOVERY_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
RECOVERY_GROUPS = 4
RECOVERY_GROUP_LENGTH = 4


def new_seed() -> str:
    """A fresh seed of 160 bits, in base32 as the apps take it."""
    return pyotp.random_base32()


def provisioning_uri(seed: str, account: str, issuer: str) -> str:
    """What the QR code says to the authenticator app."""
    return pyotp.TOTP(seed).provisioning_uri(name=account, issuer_name=issuer)


def seed_in_groups(seed: str) -> str:
    """The seed as a person types it, in groups of four."""
    return " ".join(seed[start : start + 4] for start in range(0, len(seed), 4))


def code_at(seed: str, moment: datetime) -> str:
    """The code the app shows at this moment."""
    return pyotp.TOTP(seed).at(moment)


def matching_step(seed: str, code: str, moment: datetime, last_step: int | None) -> int | None:
    """The time step this code belongs to, if it was not used yet: a code and all before it work once only."""
    totp = pyotp.TOTP(seed)
    present = int(moment.timestamp()) // STEP_SECONDS
    found = None
    for step in range(present - SKEW_STEPS, present + SKEW_STEPS + 1):
        matches = hmac.compare_digest(totp.generate_otp(step).encode(), code.encode())
        if matches and (last_step is None or step > last_step):
            found = step
    return found


def normalise_code(typed: str) -> str:
    """What was meant, however it was typed or pasted: blanks and dashes do not count."""
    return "".join(typed.split()).replace("-", "").casefold()


def new_recovery_code() -> str:
    """About 79 bits in groups of four, without letters that look alike."""
    letters = "".join(secrets.choice(RECOVERY_ALPHABET) for _ in range(RECOVERY_GROUPS * RECOVERY_GROUP_LENGTH))
    return "-".join(letters[i : i + RECOVERY_GROUP_LENGTH] for i in range(0, len(letters), RECOVERY_GROUP_LENGTH))


def new_recovery_codes() -> list[str]:
    """A fresh set; the one before stops working when it is stored."""
    return [new_recovery_code() for _ in range(RECOVERY_CODES)]
