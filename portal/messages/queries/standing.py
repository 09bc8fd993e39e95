"""What the gate answers, put so that people can read it: for one message, and for everything a client could get."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.db import utc_now
from portal.gate.queries import Known, Subject, facts_of
from portal.gate.rules import Answer, Facts, Reason, Verdict, answers, decide
from portal.gate.rules.telling import TELLERS
from portal.messages.models import Message
from portal.messages.queries.hand_overs import list_hand_overs
from portal.messages.rules.words import RULES, VERDICTS, reason_words


@dataclass(frozen=True, slots=True)
class Standing:
    """The gate's answer now, and the answer of each of its rules as (answer, rule, detail)."""

    verdict: Verdict
    rules: tuple[tuple[str, str, str], ...]

    @property
    def is_refused(self) -> bool:
        """Whether such a message would not be sent, now or later."""
        return self.verdict.answer is Answer.REFUSE

    @property
    def word(self) -> str:
        """Yes, not yet or no."""
        return VERDICTS[self.verdict.answer]

    @property
    def short(self) -> str:
        """The reason in a few words."""
        return reason_words(self.verdict.reason)[0]

    @property
    def text(self) -> str:
        """The reason as a sentence."""
        return reason_words(self.verdict.reason)[1]


def ask_gate(session: Session, subjects: Sequence[Subject]) -> dict[uuid.UUID, Standing]:
    """The gate's answers now, by the keys of the subjects. Asking changes nothing."""
    return {key: _standing(known.facts) for key, known in _facts(session, subjects).items()}


def subject_of(message: Message) -> Subject:
    """A message as the gate sees it."""
    return Subject(
        key=message.id,
        client_id=message.client_id,
        contact_point_id=message.contact_point_id,
        topic_id=message.topic_id,
        channel=message.channel,
        version_id=message.version_id,
        text_hash=message.text_hash,
        deadline=message.expires_at,
    )


def _facts(session: Session, subjects: Sequence[Subject]) -> dict[uuid.UUID, Known]:
    return facts_of(session, subjects, list_hand_overs)


def _standing(facts: Facts) -> Standing:
    now = utc_now()
    rules = []
    for name, verdict in answers(facts, now):
        why = () if verdict.reason is Reason.FINE else (reason_words(verdict.reason)[0],)
        told = TELLERS[name](facts, now)
        rules.append((str(verdict.answer), RULES[name], ": ".join((*why, *told))))
    return Standing(decide(facts, now), tuple(rules))
