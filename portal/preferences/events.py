"""What the preference centre writes into the audit log besides what the ledger and the clients write themselves."""

from enum import StrEnum


class PreferencesEvent(StrEnum):
    """The audit actions of the preference centre."""

    ASK_LINK = "preferences.ask_link"
    ANSWER_LINKS = "preferences.answer_links"
    MAKE_TEXTS = "preferences.make_texts"
