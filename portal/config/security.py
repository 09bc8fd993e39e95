"""Keys of the portal, verification of certificates, and when credentials are due for rotation."""

import json
import ssl
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator

from portal.config.group import Group, variable
from portal.config.keys import GENERATE, key_problems, refusal
from portal.config.problems import Problem, warning
from portal.config.secret import Secret
from portal.config.values import OptionalPath, split_words


def _secrets(value: Any) -> Any:
    """Keys between commas or spaces, or a JSON list where a key itself holds one of these."""
    if not isinstance(value, str):
        return value
    words = _json_words(value) if value.lstrip().startswith("[") else split_words(value)
    return tuple(Secret(word) for word in words)


def _json_words(value: str) -> list[str]:
    try:
        words = json.loads(value)
    except ValueError:
        words = None
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise ValueError('begins like a JSON list and is none; write ["first key", "second key"]')
    return words


IN_A_LIST = 'Remove it from the list; a key that holds spaces or commas stands in a JSON list: ["first key", "second"].'
Secrets = Annotated[tuple[Secret, ...], BeforeValidator(_secrets)]


class SecurityGroup(Group):
    """What the portal's own safety rests on."""

    name: ClassVar[str] = "security"
    title: ClassVar[str] = "Security"

    secret_key: Secret = variable("SECRET_KEY", Secret(""), "Signs cookies and links.")
    secret_key_fallbacks: Secrets = variable("SECRET_KEY_FALLBACKS", (), "Earlier keys, still accepted.")
    db_encryption_key: Secret = variable("DB_ENCRYPTION_KEY", Secret(""), "Master key of the sealed data.")
    db_encryption_key_previous: Secrets = variable("DB_ENCRYPTION_KEY_PREVIOUS", (), "Earlier masters.")
    tls_verify: bool = variable("TLS_VERIFY", True, "Whether certificates are verified.")
    ca_bundle: OptionalPath = variable("CA_BUNDLE", None, "Own certificate authorities, a PEM file.")
    rotation_interval_days: int = variable("ROTATION_INTERVAL_DAYS", 90, "Days a credential lives.", ge=1, le=3650)
    rotation_warning_days: int = variable("ROTATION_WARNING_DAYS", 7, "Days of warning before.", ge=0, le=365)
    headers_enabled: bool = variable("SECURITY_HEADERS_ENABLED", True, "Whether pages carry security headers.")

    def problems(self) -> list[Problem]:
        return [*self._key_problems(), *self._previous_problems(), *self._tls_problems(), *self._rotation_problems()]

    def summary(self) -> str:
        verified = "certificates verified" if self.tls_verify else "certificates NOT verified"
        return f"{verified}, rotation every {self.rotation_interval_days} days"

    def _key_problems(self) -> list[Problem]:
        found = []
        for name, key in (("SECRET_KEY", self.secret_key), ("DB_ENCRYPTION_KEY", self.db_encryption_key)):
            found += key_problems(name, key.reveal()) if key else [Problem(name, "is required", GENERATE)]
        if self.db_encryption_key and self.db_encryption_key == self.secret_key:
            found.append(Problem("DB_ENCRYPTION_KEY", "is the same as SECRET_KEY", GENERATE))
        return found

    def _previous_problems(self) -> list[Problem]:
        found = []
        older = {
            "SECRET_KEY_FALLBACKS": (self.secret_key_fallbacks, self.secret_key),
            "DB_ENCRYPTION_KEY_PREVIOUS": (self.db_encryption_key_previous, self.db_encryption_key),
        }
        for name, (keys, current) in older.items():
            wrong = [refusal(key.reveal()) for key in keys]
            found += [Problem(name, f"holds a key that {text}", IN_A_LIST) for text in wrong if text]
            if current in keys:
                found.append(warning(name, "holds the current key too", "Remove it from the list."))
        return found

    def _tls_problems(self) -> list[Problem]:
        found = []
        if not self.tls_verify:
            wrong = "is off: nobody checks that we speak to the real server"
            found.append(warning("TLS_VERIFY", wrong, "Remove TLS_VERIFY=false; name an own authority in CA_BUNDLE."))
        if self.ca_bundle and not _is_bundle(self.ca_bundle):
            mend = "Name a file that holds certificates in PEM form."
            found.append(Problem("CA_BUNDLE", "cannot be read as a file of certificates", mend))
        if not self.headers_enabled:
            mend = "Remove SECURITY_HEADERS_ENABLED unless a proxy in front sets every one of these headers."
            found.append(warning("SECURITY_HEADERS_ENABLED", "is off: pages carry no security headers", mend))
        return found

    def _rotation_problems(self) -> list[Problem]:
        if self.rotation_warning_days >= self.rotation_interval_days:
            wrong = "is not shorter than ROTATION_INTERVAL_DAYS, so the warning would never end"
            return [Problem("ROTATION_WARNING_DAYS", wrong, "Set ROTATION_WARNING_DAYS=7.")]
        return []


def _is_bundle(path: Path) -> bool:
    try:
        ssl.create_default_context(cafile=str(path))
    except OSError:
        return False
    return True
