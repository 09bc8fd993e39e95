"""A new key in the middle of it all: a code that is on its way stays right, and no limit is forgotten."""

import pytest
from portal.crypto.keyring import ring
from portal.crypto.lifecycle import activate, create_key
from portal.crypto.models import CryptoRingAck
from portal.crypto.purposes import Purpose as KeyPurpose
from portal.db import transaction
from portal.verification.operations import start
from portal.web.actor import SYSTEM
from sqlalchemy import delete

from tests.fixtures.database import app_on
from tests.verification.conftest import NUMBER, code_in, target, typed


@pytest.fixture
def portal(own_database, redis_url, clean_redis, twilio):
    with app_on(own_database, REDIS_URL=redis_url, **twilio.variables()) as app, app.app_context():
        yield app


def replace(purpose: KeyPurpose) -> None:
    with transaction() as session:
        session.execute(delete(CryptoRingAck))  # the process that made the template is gone
        new = create_key(session, purpose).id
    ring().reload()
    with transaction() as session:
        activate(session, new)
    ring().reload()


@pytest.mark.parametrize("purpose", [KeyPurpose.FINGERPRINT, KeyPurpose.BIDX_PHONE])
def test_a_code_outlives_the_change_of_a_key_and_so_do_the_limits(portal, twilio, purpose):
    started = start(target(), SYSTEM)
    replace(purpose)
    assert start(target(), SYSTEM).error_code == "RATE_LIMIT_EXCEEDED"
    assert typed(started.verification_id, code_in(twilio.texts[0]["Body"]), number=NUMBER).confirmed
