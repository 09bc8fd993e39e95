"""One question over HTTPS with verified certificates and a time limit, answered with status and JSON."""

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import urllib3
from urllib3.exceptions import HTTPError, InsecureRequestWarning, NewConnectionError, SSLError
from urllib3.exceptions import TimeoutError as UrllibTimeout

from portal.channels.probes.outcome import ProbeCode, ProbeFailed

LONGEST_ANSWER = 1_000_000


@dataclass(frozen=True, slots=True)
class Trust:
    """Which certificates are believed: those of the system, or of an own bundle, or any (which is warned about)."""

    verify: bool = True
    bundle: Path | None = None

    def context(self) -> ssl.SSLContext:
        """The rules for a new TLS connection."""
        context = ssl.create_default_context(cafile=str(self.bundle) if self.bundle else None)
        if not self.verify:
            # Told on the health page and by config check, not once more for each request.
            urllib3.disable_warnings(InsecureRequestWarning)
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and the JSON object of the answer; an empty one where it was something else."""

    status: int
    facts: dict[str, Any]


def ask(
    method: str,
    url: str,
    trust: Trust,
    timeout: float,
    headers: Mapping[str, str] | None = None,
    fields: Mapping[str, str] | None = None,
) -> Answer:
    """The answer to one request. Follows no redirect, because the credentials must not travel on."""
    manager = urllib3.PoolManager(ssl_context=trust.context(), timeout=timeout, retries=False)
    try:
        options: dict[str, Any] = {"encode_multipart": False} if fields else {}
        response = manager.request(method, url, headers=headers, fields=fields, redirect=False, **options)
        return Answer(response.status, _facts(response.data[:LONGEST_ANSWER]))
    except NewConnectionError:
        # For old times' sake a kind of time-out in urllib3, and no such thing.
        raise ProbeFailed(ProbeCode.UNREACHABLE) from None
    except UrllibTimeout:
        raise ProbeFailed(ProbeCode.TIMEOUT) from None
    except SSLError:
        raise ProbeFailed(ProbeCode.UNTRUSTED) from None
    except HTTPError:
        raise ProbeFailed(ProbeCode.UNREACHABLE) from None
    finally:
        manager.clear()


def require_success(answer: Answer) -> dict[str, Any]:
    """The facts of a good answer; any other becomes the matching code."""
    if answer.status == 200 and answer.facts:
        return answer.facts
    refusals = {
        401: ProbeCode.REFUSED,
        403: ProbeCode.REFUSED,
        404: ProbeCode.UNKNOWN,
        429: ProbeCode.THROTTLED,
    }
    raise ProbeFailed(refusals.get(answer.status, ProbeCode.BROKEN), answer.status)


def _facts(body: bytes) -> dict[str, Any]:
    try:
        facts = json.loads(body)
    except ValueError:
        return {}
    return facts if isinstance(facts, dict) else {}
