"""One invented client with addresses on their channels, wishes, and somebody who looks after them."""

import uuid
from datetime import time

from portal.clients.models import Channel, Client, Frequency, Source
from portal.clients.operations import add_client, change_preferences
from portal.clients.rules import NewPoint, PreferenceChange
from portal.clients.rules.facts import Details
from portal.demo.rules.clients import DemoClient
from portal.web.actor import Actor

EVENINGS = PreferenceChange((Channel.SMS, Channel.EMAIL), time(18, 30), time(20), Frequency.WEEKLY)
SELDOM = PreferenceChange((Channel.EMAIL,), frequency=Frequency.MONTHLY)
WISHES = {0: EVENINGS, 5: SELDOM}
SEATS = ("window", "aisle")


def add_demo_client(number: int, wanted: DemoClient, owner_id: uuid.UUID | None, actor: Actor) -> Client:
    """Adds the client as staff would."""
    addresses = ((Channel.SMS, wanted.sms), (Channel.WHATSAPP, wanted.whatsapp))
    points = [NewPoint(channel, address) for channel, address in addresses if address]
    attributes = {"favourite seat": SEATS[number % 2]} if number % 3 == 0 else {}
    details = Details(owner_id if number % 3 else None, wanted.department, attributes)
    facts = (wanted.full_name, wanted.email, wanted.language, wanted.time_zone)
    client = add_client(*facts, actor, country=wanted.country, source=Source.DEMO, points=points, details=details)
    if number % 10 in WISHES:
        change_preferences(client.id, WISHES[number % 10], actor)
    return client
