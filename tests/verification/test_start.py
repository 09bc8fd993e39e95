"""A code goes out, is right once, and every reason not to send one has its code."""

from portal.db import db
from portal.verification.models import Verification, VerificationState
from sqlalchemy import select

from tests.verification.conftest import NUMBER, typed


def row() -> Verification:
    return db.session.scalars(select(Verification).order_by(Verification.id.desc())).first()


def test_a_code_goes_out_over_twilio_and_is_right_once(live, entries):
    started = live.start()
    assert (started.success, started.error, started.error_code) == (True, "", None)
    assert started.message_id.startswith("SM")
    (sent,) = live.twilio.texts
    assert (sent["To"], sent["From"], sent["ValidityPeriod"]) == (NUMBER, "+14155550123", "600")
    assert typed(started.verification_id, live.code()).confirmed
    assert row().state == VerificationState.CONFIRMED
    assert [action for action, _ in entries()] == ["verification.start", "verification.sent", "verification.confirm"]
