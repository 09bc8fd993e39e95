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


@dataclass(frozen=True, slots=True)
class DemoClient:
    """One of them."""

    full_name: str
    email: str
    language: str
    time_zone: str
    country: str


def demo_clients() -> list[DemoClient]:
    """All of them, people of different places mixed as they would come."""
    people = [
        (row, name, language, zone, country)
        for language, zone, country, names in PLACES
        for row, name in enumerate(names)
    ]
    return [
        DemoClient(name, address(name, number), language, zone, country)
        for number, (_, name, language, zone, country) in enumerate(sorted(people))
    ]


def address(name: str, number: int) -> str:
    """`joao.peixoto@harbour.example` for João Peixoto."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return f"{'.'.join(plain.lower().split())}@{DOMAINS[number % len(DOMAINS)]}"
