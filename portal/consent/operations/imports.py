"""Taking over consents of a file: a thousand rows in a handful of statements, each sealed into its client's chain."""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clients.models import ClientState
from portal.consent.models import Happening, Method, Topic, TopicWording
from portal.consent.operations.append import Said, append_many
from portal.consent.operations.held import Ledger, hold_ledgers
from portal.consent.rules.imports import ImportedConsent, ImportOutcome, Setting, judged
from portal.consent.rules.origin import Origin
from portal.db import utc_now
from portal.web.actor import Actor


def import_consents(session: Session, rows: Sequence[ImportedConsent], actor: Actor) -> Counter[ImportOutcome]:
    """
    Writes down the consents that count and says how many did, and what stood against the others.

    Never over a withdrawal or a refusal, whatever the file says. Of several rows for one place the first counts.
    """
    ledgers = hold_ledgers(session, {row.client_id for row in rows})
    topics = {one.id: one for one in session.scalars(select(Topic).where(Topic.id.in_({row.topic_id for row in rows})))}
    asked = select(TopicWording).where(TopicWording.id.in_({row.wording_id for row in rows}))
    wordings = {one.id: one for one in session.scalars(asked)}
    now = utc_now()
    said: dict[tuple[object, ...], Said] = {}
    outcomes: Counter[ImportOutcome] = Counter()
    for row in rows:
        wording = wordings.get(row.wording_id) if row.wording_id else None
        outcome = judged(row, _setting(row, ledgers.get(row.client_id), topics, wording), now)
        key = row.client_id, row.topic_id, str(row.channel)
        if outcome is ImportOutcome.TAKEN:
            outcome = ImportOutcome.KNOWN if key in said else outcome
            said.setdefault(key, _said(row, topics[row.topic_id], wording))
        outcomes[outcome] += 1
    append_many(session, ledgers, list(said.values()), actor)
    return outcomes


def _setting(
    row: ImportedConsent, ledger: Ledger | None, topics: Mapping[uuid.UUID, Topic], wording: TopicWording | None
) -> Setting:
    topic = topics.get(row.topic_id)
    if ledger is None:
        return Setting(topic, wording, is_active=False, country=None, there=None)
    there = ledger.now.get((row.topic_id, str(row.channel)))
    return Setting(topic, wording, ledger.client_state == ClientState.ACTIVE, ledger.country, there)


def _said(row: ImportedConsent, topic: Topic, wording: TopicWording | None) -> Said:
    return Said(
        row.client_id,
        topic,
        row.channel,
        Happening.IMPORTED,
        Method.IMPORT,
        row.occurred_at,
        wording=wording,
        contact_point_id=row.contact_point_id,
        origin=Origin(name=row.source),
    )
