"""The suppression list: what stops an address, what stands on it, and who asked to take something off."""

import uuid
from collections.abc import Collection, Hashable, Mapping
from typing import TypeVar

from sqlalchemy import ARRAY, LargeBinary, any_, cast, select
from sqlalchemy.orm import Session

from portal.consent.models import RemovalState, Suppression, SuppressionRemoval, SuppressionScope
from portal.consent.rules.addresses import suppression_hashes
from portal.crypto.blind_index import NotAnAddress
from portal.db import db

Key = TypeVar("Key", bound=Hashable)


def suppressed(
    session: Session, addresses: Mapping[Key, tuple[str, str]], marketing: Collection[Key] | None = None
) -> set[Key]:
    """
    The keys whose (channel, address) must not be written to, under any suppression key; also what is no address.

    `marketing` names the keys of which marketing is asked; what stops marketing alone stops only them. Whoever does not
    say gets the stricter answer for all.
    """
    strict = set(addresses) if marketing is None else set(marketing)
    found = suppressed_scopes(session, addresses)
    return {key for key, scopes in found.items() if SuppressionScope.ALL in scopes or (scopes and key in strict)}


def suppressed_scopes(
    session: Session, addresses: Mapping[Key, tuple[str, str]]
) -> dict[Key, frozenset[SuppressionScope]]:
    """What is stopped for each key's (channel, address), under any suppression key; everything for what is none."""
    wanted: dict[tuple[str, bytes], set[Key]] = {}
    found: dict[Key, frozenset[SuppressionScope]] = dict.fromkeys(addresses, frozenset())
    for key, (channel, address) in addresses.items():
        try:
            for tag in suppression_hashes(channel, address):
                wanted.setdefault((channel, tag), set()).add(key)
        except NotAnAddress:
            found[key] = frozenset({SuppressionScope.ALL})
    hashes = {tag for _, tag in wanted}
    query = select(Suppression.channel, Suppression.address_hash, Suppression.scope)
    query = query.where(Suppression.address_hash == any_(cast(list(hashes), ARRAY(LargeBinary))))
    for channel, tag, scope in session.execute(query) if hashes else ():
        for key in wanted.get((channel, tag), ()):
            found[key] |= {SuppressionScope(scope)}
    return found


def find_open_removal(suppression_id: uuid.UUID) -> SuppressionRemoval | None:
    """The request that waits for a second person, if there is one for this entry."""
    is_open = SuppressionRemoval.state == RemovalState.OPEN
    return db.session.scalar(
        select(SuppressionRemoval).where(SuppressionRemoval.suppression_id == suppression_id, is_open)
    )
