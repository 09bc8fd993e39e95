"""What people do with codes by SMS, with a marked number; each code is kept, to be looked for afterwards."""

import re
import uuid

from portal.config.channels import Channel
from portal.db import db, transaction
from portal.messages.models import CapturedSms
from portal.verification.models import Purpose, Verification
from portal.verification.operations import Started, Target, check, start
from portal.web.actor import SYSTEM
from sqlalchemy import delete, select

NUMBER = "+351912340977"
CODE = re.compile(r"\b[0-9]{6}\b")


def asked(canary, purpose: Purpose = Purpose.OPT_IN) -> Started:
    """Asks for a code, as somebody who never asked before."""
    client_id = uuid.UUID(canary.known["client"].rpartition("/")[2])
    with canary.app.app_context():
        with transaction():
            db.session.execute(delete(Verification))
        return start(Target(Channel.SMS, NUMBER, purpose, client_id), SYSTEM)


def typed(canary, started: Started, text: str) -> None:
    """Types a wrong code and the one of the text."""
    code = CODE.search(text)[0]
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    canary.codes += [code, wrong]
    with canary.app.app_context():
        for one, confirmed in ((wrong, False), (code, True)):
            with transaction():
                assert check(started.verification_id, one, SYSTEM, number=NUMBER).confirmed is confirmed


def prove_a_number_in_simulation(canary) -> None:
    started = asked(canary)
    with canary.app.app_context():
        caught = db.session.scalars(select(CapturedSms)).one()
        text = caught.body
    assert NUMBER not in canary.get(canary.marketer, "/messages/captured/sms")
    assert text in canary.get(canary.marketer, f"/messages/captured/sms/{caught.id}")
    typed(canary, started, text)
    canary.get(canary.marketer, canary.known["client"])


def prove_a_number(canary) -> None:
    started = asked(canary)
    (sms,) = canary.twilio.texts
    typed(canary, started, sms["Body"])


def be_refused_by_a_provider_that_repeats_the_number(canary) -> None:
    canary.twilio.refuses(21614, f"{NUMBER} is no mobile number")
    assert asked(canary).error_code == "TWILIO_API_ERROR"
    canary.codes.append(CODE.search(canary.twilio.asked[-1].form["Body"])[0])


def ask_for_a_code_that_waits(canary) -> None:
    """A code that nobody has typed yet is what Redis holds longest."""
    assert asked(canary, Purpose.IDENTITY).success
    canary.codes.append(CODE.search(canary.twilio.texts[-1]["Body"])[0])
