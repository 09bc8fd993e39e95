"""Good first wordings to begin a template with."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Starter:
    """A wording with a name to choose it by."""

    label: str
    subject: str
    body: str


BOOKING = """Hello {{ first_name }},

your booking **{{ booking_number }}** for *{{ event_name }}* is confirmed.

- Day: {{ event_date | date }}
- Place: {{ event_place }}

[See your booking]({{ booking_link }})

{{ sender_name }}
"""
PAYMENT = """Hello {{ first_name }},

this is a reminder that **{{ amount_due | money: "EUR" }}** for *{{ event_name }}* is due.
Please pay by {{ due_date | date }}.

{% if has_payment_link %}

[Pay now]({{ payment_link }})

{% endif %}

Questions? Reply to this message.

{{ sender_name }}
"""
NEWS = """Hello {{ first_name }},

here is what is new:

## {{ event_name }}

On {{ event_date | date }} at {{ event_place }}. {{ note }}

[Book a place]({{ booking_link }})

{{ sender_name }}
"""
STARTERS: Mapping[str, Starter] = MappingProxyType(
    {
        "empty": Starter("An empty page", "", ""),
        "booking": Starter("Booking confirmation", "Your booking for {{ event_name }} is confirmed", BOOKING),
        "payment": Starter("Payment reminder", "Your payment for {{ event_name }} is due", PAYMENT),
        "news": Starter("Newsletter", "{{ event_name }} and more", NEWS),
    }
)
