"""The suppression list: what stops an address, what stands on it, and who asked to take something off."""

import uuid
from collections.abc import Collection, Hashable, Mapping
from typing import TypeVar

from sqlalchemy import ARRAY, LargeBinary, any_, cast, select
from sqlalchemy.orm import Session

from portal.consent.models import RemovalState, Suppression, SuppressionReason, SuppressionRemoval, SuppressionScope
from portal.consent.rules.addresses import suppression_hashes
from portal.consent.rules.suppression import OWN_CHOICE
from portal.crypto.blind_index import NotAnAddress
from portal.db import db

Key = TypeVar("Key", bound=Hashable)
Entries = frozenset[tuple[SuppressionScope, SuppressionReason]]


def suppressed(
    session: Session,
    addresses: Mapping[Key, tuple[str, str]],
    marketing: Collection[Key] | None = None,
    answers: Collection[Key] = (),
) -> set[Key]:
    """
    The keys whose (channel, address) must not be written to, under any suppression key; also what is no address.

    `marketing` names the keys of which marketing is asked; what stops marketing alone stops only them. Whoever does not
    say gets the stricter answer for all. `answers` names the keys of mails that do nothing but answer the person, such
    as the question to confirm what they asked for: these their own choice does not stop, everything else does.
    """
    strict = set(addresses) if marketing is None else set(marketing)
    found = suppression_entries(session, addresses)
    counting = {key: _against(entries) if key in answers else entries for key, entries in found.items()}
    return {key for key, entries in counting.items() if _stops(entries, strict=key in strict)}


def _against(entries: Entries) -> Entries:
    return frozenset((scope, reason) for scope, reason in entries if reason not in OWN_CHOICE)


def _stops(entries: Entries, *, strict: bool) -> bool:
    return any(strict or scope is SuppressionScope.ALL for scope, _ in entries)


def suppressed_scopes(
    session: Session, addresses: Mapping[Key, tuple[str, str]]
) -> dict[Key, frozenset[SuppressionScope]]:
    """What is stopped for each key's (channel, address), under any suppression key; everything for what is none."""
    found = suppression_entries(session, addresses)
    return {key: frozenset(scope for scope, _ in entries) for key, entries in found.items()}


def suppression_entries(session: Session, addresses: Mapping[Key, tuple[str, str]]) -> dict[Key, Entries]:
    """What stands on the list for each key's (channel, address), under any key; no address is blocked."""
    wanted: dict[tuple[str, bytes], set[Key]] = {}
    found: dict[Key, Entries] = dict.fromkeys(addresses, frozenset())
    for key, (channel, address) in addresses.items():
        try:
            for tag in suppression_hashes(channel, address):
                wanted.setdefault((channel, tag), set()).add(key)
        except NotAnAddress:
            found[key] = frozenset({(SuppressionScope.ALL, SuppressionReason.MANUAL)})
    hashes = {tag for _, tag in wanted}
    query = select(Suppression.channel, Suppression.address_hash, Suppression.scope, Suppression.reason)
    query = query.where(Suppression.address_hash == any_(cast(list(hashes), ARRAY(LargeBinary))))
    for channel, tag, scope, reason in session.execute(query) if hashes else ():
        for key in wanted.get((channel, tag), ()):
            found[key] |= {(SuppressionScope(scope), SuppressionReason(reason))}
    return found


def find_open_removal(suppression_id: uuid.UUID) -> SuppressionRemoval | None:
    """The request that waits for a second person, if there is one for this entry."""
    is_open = SuppressionRemoval.state == RemovalState.OPEN
    return db.session.scalar(
        select(SuppressionRemoval).where(SuppressionRemoval.suppression_id == suppression_id, is_open)
    )
