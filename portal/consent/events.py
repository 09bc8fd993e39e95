"""What the audit log calls the acts of consent."""

from enum import StrEnum


class ConsentAction(StrEnum):
    """What is done with topics, their wordings, the ledger and the suppression list."""

    MAKE_TOPIC = "consent.make_topic"
    OPEN_TOPIC = "consent.open_topic"
    CLOSE_TOPIC = "consent.close_topic"
    ADD_WORDING = "consent.add_wording"
    GRANT = "consent.grant"
    WITHDRAW = "consent.withdraw"
    SUPPRESS = "consent.suppress"
    ERASE_EVIDENCE = "consent.erase_evidence"
    REMOVE_DEMO = "consent.remove_demo"
    REMOVE_TOPIC = "consent.remove_topic"
