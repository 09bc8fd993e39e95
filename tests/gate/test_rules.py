"""The gate as a table: each fact that speaks against sending, and what it answers."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from portal.gate.rules import Answer, Consent, Facts, Reason, Verdict, answers, decide

NOW = datetime(2026, 11, 20, 10, 42, tzinfo=UTC)
FINE = Facts(
    sending_on=True,
    channel_on=True,
    client_state="active",
    has_address=True,
    suppressed=False,
    topic_open=True,
    consent_needed=True,
    consent=Consent.GRANTED,
    version_approved=True,
    text_unchanged=True,
    deadline=NOW + timedelta(hours=1),
)


def test_nothing_against_it_means_allowed():
    assert decide(FINE, NOW) == Verdict(Answer.ALLOW)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"client_state": "restricted"}, Reason.CLIENT_RESTRICTED),
        ({"client_state": "erasing"}, Reason.CLIENT_ERASED),
        ({"client_state": "erased"}, Reason.CLIENT_ERASED),
        ({"client_state": "something new"}, Reason.CLIENT_ERASED),
        ({"has_address": False}, Reason.NO_ADDRESS),
        ({"suppressed": True}, Reason.SUPPRESSED),
        ({"topic_open": False}, Reason.TOPIC_CLOSED),
        ({"consent": Consent.NONE}, Reason.NEVER_AGREED),
        ({"consent": Consent.REQUESTED}, Reason.NOT_CONFIRMED),
        ({"consent": Consent.WITHDRAWN}, Reason.WITHDRAWN),
        ({"consent": Consent.REFUSED}, Reason.SAID_NO),
        ({"consent": Consent.REFUSED, "consent_needed": False}, Reason.SAID_NO),
        ({"consent": Consent.EXPIRED}, Reason.CONSENT_ENDED),
        ({"consent": Consent.WITHDRAWN, "consent_needed": False}, Reason.WITHDRAWN),
        ({"version_approved": False}, Reason.NOT_APPROVED),
        ({"text_unchanged": False}, Reason.TEXT_CHANGED),
        ({"deadline": NOW}, Reason.PAST_DEADLINE),
    ],
)
def test_each_objection_refuses_with_its_reason(change, reason):
    assert decide(replace(FINE, **change), NOW) == Verdict(Answer.REFUSE, reason)


@pytest.mark.parametrize(
    ("change", "reason"), [({"sending_on": False}, Reason.SENDING_OFF), ({"channel_on": False}, Reason.CHANNEL_OFF)]
)
def test_a_switch_that_is_off_makes_messages_wait(change, reason):
    assert decide(replace(FINE, **change), NOW) == Verdict(Answer.DEFER, reason)


def test_what_may_never_be_sent_does_not_wait_for_a_switch():
    facts = replace(FINE, sending_on=False, consent=Consent.WITHDRAWN)
    assert decide(facts, NOW).reason is Reason.WITHDRAWN


def test_a_topic_with_another_basis_needs_no_consent():
    facts = replace(FINE, consent_needed=False, consent=Consent.NONE)
    assert decide(facts, NOW).answer is Answer.ALLOW


def test_every_rule_gives_its_own_answer_for_the_page_that_explains():
    facts = replace(FINE, suppressed=True, sending_on=False)
    given = {name: verdict.answer for name, verdict in answers(facts, NOW)}
    assert given["address_is_usable"] is Answer.REFUSE
    assert given["sending_is_on"] is Answer.DEFER
    assert given["client_is_active"] is Answer.ALLOW
