"""Asks Meta for the sender's phone number: proves the token, the number id and the way there."""

from dataclasses import dataclass

from portal.channels.probes.http import Trust, ask, require_success
from portal.channels.probes.outcome import ProbeCode, ProbeFailed, ProbeOutcome, timed


@dataclass(frozen=True, slots=True, repr=False)
class WhatsappTarget:
    """One number at the Cloud API; the address holds the version."""

    api_url: str
    phone_number_id: str
    access_token: str
    trust: Trust
    timeout: float


def probe_whatsapp(target: WhatsappTarget) -> ProbeOutcome:
    """Whether Meta knows the number and takes the token. No message is sent."""
    return timed(lambda: _steps(target))


def _steps(target: WhatsappTarget) -> None:
    url = f"{target.api_url}/{target.phone_number_id}?fields=id"
    headers = {"Authorization": f"Bearer {target.access_token}"}
    answer = ask("GET", url, target.trust, target.timeout, headers)
    if answer.status == 400:
        # Meta answers 400 both for a token that ended (code 190) and for a number it does not know (code 100).
        error = answer.facts.get("error")
        code = error.get("code") if isinstance(error, dict) else None
        raise ProbeFailed(ProbeCode.UNKNOWN if code == 100 else ProbeCode.REFUSED, 400)
    if str(require_success(answer).get("id")) != target.phone_number_id:
        raise ProbeFailed(ProbeCode.UNKNOWN, answer.status)
