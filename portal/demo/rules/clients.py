"""Forty invented clients; their addresses are at domains that nobody can own (RFC 2606)."""

import unicodedata
from dataclasses import dataclass

DOMAINS = ("harbour.example", "rivertown.example", "quayside.example", "tidemill.example", "northpier.example")
# Language, time zone and country, and the people there.
PLACES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    (
        "pt",
        "Europe/Lisbon",
        "PT",
        (
            "Maria Tavares", "João Peixoto", "Beatriz Lobo", "Rui Caldeira", "Inês Falcão", "Tiago Meireles",
            "Lúcia Prates", "Duarte Nogueira", "Teresa Vilar", "Hugo Salema",
        ),
    ),
    (
        "en",
        "Europe/London",
        "GB",
        (
            "Alice Marlowe", "Owen Tranter", "Grace Holloway", "Edward Finch", "Nadia Karim", "Peter Ashdown",
            "Sofia Lindqvist", "Callum Reeve", "Harriet Boyle", "Samuel Okoro", "Ivy Penhale", "George Lidgate",
        ),
    ),
    (
        "de",
        "Europe/Berlin",
        "DE",
        (
            "Anna Lehnert", "Jonas Hebel", "Käthe Sommer", "Lukas Brandt", "Miriam Voss", "Felix Arendt",
            "Jürgen Thal", "Paula Ostermann", "Clara Weidlich", "Timo Rasch",
        ),
    ),
    (
        "es",
        "Europe/Madrid",
        "ES",
        (
            "Lucía Ferrer", "Álvaro Rincón", "Carmen Sotelo", "Diego Balboa", "Elena Prado", "Marcos Vidal",
            "Pilar Navas", "Iván Cuesta",
        ),
    ),
)  # fmt: skip


# Numbers that the German authority keeps for films: no invented client may have a stranger's.
MOBILE = "+4917139200{:02}"
ONLY_WHATSAPP_NAME = 7
DEPARTMENTS = ("Bookings", "Harbour tours", "")


@dataclass(frozen=True, slots=True)
class DemoClient:
    """One of them. Every second has a mobile, every fourth also WhatsApp, one only WhatsApp's own name for them."""

    full_name: str
    email: str
    language: str
    time_zone: str
    country: str
    sms: str = ""
    whatsapp: str = ""
    department: str = ""


def demo_clients() -> list[DemoClient]:
    """All of them, people of different places mixed as they would come."""
    people = [
        (row, name, language, zone, country)
        for language, zone, country, names in PLACES
        for row, name in enumerate(names)
    ]
    return [_client(number, *person) for number, person in enumerate(sorted(people))]


def _client(number: int, _row: int, name: str, language: str, zone: str, country: str) -> DemoClient:
    mobile = MOBILE.format(number)
    whatsapp = f"{country}.13491208655302{number:03}" if number == ONLY_WHATSAPP_NAME else mobile
    return DemoClient(
        name,
        address(name, number),
        language,
        zone,
        country,
        sms=mobile if number % 2 == 0 else "",
        whatsapp=whatsapp if number % 4 == 0 or number == ONLY_WHATSAPP_NAME else "",
        department=DEPARTMENTS[number % 3],
    )


def address(name: str, number: int) -> str:
    """`joao.peixoto@harbour.example` for João Peixoto."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return f"{'.'.join(plain.lower().split())}@{DOMAINS[number % len(DOMAINS)]}"
