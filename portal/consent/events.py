"""What the audit log calls the acts of consent."""

from enum import StrEnum


class ConsentAction(StrEnum):
    """What is done with topics, their wordings, the ledger and the suppression list."""

    MAKE_TOPIC = "consent.make_topic"
    CHANGE_TOPIC = "consent.change_topic"
    OPEN_TOPIC = "consent.open_topic"
    CLOSE_TOPIC = "consent.close_topic"
    ADD_WORDING = "consent.add_wording"
    REQUEST = "consent.request"
    CONFIRM = "consent.confirm"
    GRANT = "consent.grant"
    WITHDRAW = "consent.withdraw"
    REFUSE = "consent.refuse"
    EXPIRE = "consent.expire"
    IMPORT = "consent.import"
    RENEW = "consent.renew"
    MERGE = "consent.merge"
    VIEW_STATE_AT = "consent.view_state_at"
    SUPPRESS = "consent.suppress"
    SUPPRESS_MANY = "consent.suppress_many"
    LIFT = "consent.lift_suppression"
    LOOK_UP = "consent.look_up_suppression"
    ASK_FOR_REMOVAL = "consent.ask_for_removal"
    APPROVE_REMOVAL = "consent.approve_removal"
    DENY_REMOVAL = "consent.deny_removal"
    ERASE_EVIDENCE = "consent.erase_evidence"
    REMOVE_DEMO = "consent.remove_demo"
    REMOVE_TOPIC = "consent.remove_topic"
