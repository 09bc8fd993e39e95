"""What the invented company writes about: topics with their wordings, and the texts of its messages."""

from dataclasses import dataclass

from portal.consent.models import LegalBasis, TopicClass
from portal.message_templates.rules.starters import STARTERS

NEWS, INVITATIONS, BOOKINGS, NOTICES = "demo-news", "demo-invitations", "demo-bookings", "demo-notices"
CONFIRMATION, NEWSLETTER, DIRECTIONS = "demo_booking_confirmation", "demo_autumn_news", "demo_directions"


@dataclass(frozen=True, slots=True)
class DemoTopic:
    """A topic, and by language the words by which people are asked."""

    key: str
    name: str
    description: str
    topic_class: TopicClass
    basis: LegalBasis
    wordings: dict[str, str]


@dataclass(frozen=True, slots=True)
class DemoTemplate:
    """A text: the wording that was approved, if any, and the one that is in work, if any."""

    key: str
    name: str
    topic: str
    approved: tuple[str, str] | None
    draft: tuple[str, str] | None


TOPICS = (
    DemoTopic(
        NEWS,
        "News and offers",
        "What is on at the harbour, about once a month.",
        TopicClass.MARKETING,
        LegalBasis.CONSENT,
        {
            "en": "Yes, Tidewell Events may email me its news and offers about once a month. I can stop this any time.",
            "de": "Ja, Tidewell Events darf mir etwa monatlich Neuigkeiten mailen. Ich kann das jederzeit beenden.",
        },
    ),
    DemoTopic(
        INVITATIONS,
        "Event invitations",
        "Invitations to single events, a few times a year.",
        TopicClass.MARKETING,
        LegalBasis.CONSENT,
        {"en": "Yes, Tidewell Events may invite me to events by email a few times a year. I can stop this any time."},
    ),
    DemoTopic(
        BOOKINGS,
        "Booking and payment",
        "Confirmations, changes and reminders that belong to a booking.",
        TopicClass.TRANSACTIONAL,
        LegalBasis.CONTRACT,
        {"en": "We write to you about your bookings: confirmations, changes and payments."},
    ),
    DemoTopic(
        NOTICES,
        "Legal notices",
        "What the law asks us to tell you.",
        TopicClass.SERVICE_LEGAL,
        LegalBasis.LEGAL_OBLIGATION,
        {"en": "We write to you where the law asks us to, for example about a change of our terms."},
    ),
)
AUTUMN = "Autumn at the harbour: {{ event_name }}"
WARMER = "Warm evenings at the harbour: {{ event_name }}"
ON_THE_DAY = """Hello {{ first_name }},

*{{ event_name }}* is near. It takes place on {{ event_date | date }} at {{ event_place }}. {{ note }}

{{ sender_name }}
"""
TEMPLATES = (
    DemoTemplate(
        CONFIRMATION, "Booking confirmation", BOOKINGS, (STARTERS["booking"].subject, STARTERS["booking"].body), None
    ),
    DemoTemplate(
        NEWSLETTER, "Autumn newsletter", NEWS, (AUTUMN, STARTERS["news"].body), (WARMER, STARTERS["news"].body)
    ),
    DemoTemplate(DIRECTIONS, "Event day directions", BOOKINGS, None, ("Your way to {{ event_name }}", ON_THE_DAY)),
)
VALUES = {
    CONFIRMATION: {
        "event_name": "Harbour Gala",
        "event_date": "2026-12-05",
        "event_place": "Pier 2, Porto",
        "booking_number": "TW-20431",
        "booking_link": "https://tidewell.example/b/20431",
    },
    NEWSLETTER: {
        "event_name": "Lantern Night",
        "event_date": "2026-11-28",
        "event_place": "Old Boathouse, Porto",
        "note": "The first hundred guests get a lantern.",
        "booking_link": "https://tidewell.example/lantern",
    },
}
