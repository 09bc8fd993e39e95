"""What the gate's answers and the states of a message mean, in plain words for pages."""

from collections.abc import Mapping
from types import MappingProxyType

from portal.gate.rules import Answer, Reason, Verdict
from portal.messages.models import MessageState

CHANNELS: Mapping[str, str] = MappingProxyType({"email": "Email", "sms": "SMS", "whatsapp": "WhatsApp"})

# A short form for lists, and a sentence that also says what can be done.
REASONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        Reason.FINE: ("nothing stands against it", "Every rule of the gate allows it."),
        Reason.SENDING_OFF: (
            "sending is stopped",
            "Sending is stopped for everybody. The message waits and leaves by itself once sending is switched on.",
        ),
        Reason.CHANNEL_OFF: (
            "the channel is off",
            "This channel is switched off. The message waits and leaves by itself once the channel is on.",
        ),
        Reason.CLIENT_RESTRICTED: (
            "the client is restricted",
            "This client asked that their data be kept but not used, so nothing is written to them.",
        ),
        Reason.CLIENT_ERASED: ("the client was erased", "This client was erased or is being erased. Nothing can go."),
        Reason.NO_ADDRESS: (
            "no address that works",
            "The client has no address on this channel that works. Ask them for another one.",
        ),
        Reason.SUPPRESSED: (
            "the address is suppressed",
            "The address is on the suppression list: it bounced for good, or its owner wants no more mail there.",
        ),
        Reason.NEVER_AGREED: (
            "never agreed",
            "The client never agreed to this topic on this channel. Record their consent first, with its proof.",
        ),
        Reason.WITHDRAWN: (
            "agreement withdrawn",
            "The client withdrew from this topic. Only a fresh consent of their own changes that.",
        ),
        Reason.NOT_CONFIRMED: (
            "not confirmed yet",
            "The client was asked to confirm this topic and has not done so yet.",
        ),
        Reason.SAID_NO: (
            "said no",
            "The client was asked about this topic and said no. Only a fresh consent of their own changes that.",
        ),
        Reason.CONSENT_ENDED: (
            "the consent has ended",
            "What the client agreed to held for a time only, or was never confirmed. Ask them again.",
        ),
        Reason.TOPIC_CLOSED: ("the topic is closed", "The topic is closed, so nothing is sent on it any more."),
        Reason.NOT_APPROVED: (
            "no approved text",
            "There is no approved version of the text. Have it approved, then send again.",
        ),
        Reason.TEXT_CHANGED: (
            "the text is another one now",
            "The text is not the one that was approved when the message was ordered. Send it again.",
        ),
        Reason.PAST_DEADLINE: ("too late", "Its deadline passed before it could leave, so it was not worth sending."),
        Reason.QUIET_HOURS: (
            "quiet hours",
            "It is too early or too late where the client is or can be. Marketing waits for the morning there.",
        ),
        Reason.CONTACT_HOURS: (
            "outside the hours the client chose",
            "The client said at what hours they want to hear from us. The message waits for them.",
        ),
        Reason.TOPIC_CAP: (
            "enough on this topic",
            "The client got as many messages of this topic as it allows in its days; it waits until one is old enough.",
        ),
        Reason.TOTAL_CAP: (
            "enough marketing",
            "The client got as much marketing as your settings allow; it waits until there is room again.",
        ),
        Reason.CLIENT_CAP: (
            "the client wants less",
            "The client chose how often they want marketing; it waits until the next one is due.",
        ),
        Reason.FLORIDA_CAP: (
            "three texts in 24 hours",
            "Florida allows three marketing texts to a number in any 24 hours; it waits until there is room again.",
        ),
        "not_rendered": (
            "the text could not be filled in",
            "A field had no value that fits this client, so no text could be made. Nothing left.",
        ),
        "worker_lost": (
            "worker lost after hand-over",
            "A worker stopped in the middle of the hand-over, so nobody knows whether the message left.",
        ),
    }
)

# Each rule of the gate by the name of its function: what it asks, as a statement.
RULES: Mapping[str, str] = MappingProxyType(
    {
        "client_is_active": "The client is active",
        "address_is_usable": "The address works and is not suppressed",
        "client_agreed": "The topic has a basis for this client",
        "text_is_approved": "The text is approved and unchanged",
        "deadline_is_ahead": "Its deadline is ahead",
        "hours_are_open": "It is not quiet where the client is",
        "caps_have_room": "The client did not get enough lately",
        "sending_is_on": "Sending is switched on",
    }
)

VERDICTS: Mapping[Answer, str] = MappingProxyType(
    {Answer.ALLOW: "Yes, now.", Answer.DEFER: "Not yet.", Answer.REFUSE: "No."}
)

# What became of a message: the end of "by email: …" on a timeline, icon, look.
ENDS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        MessageState.QUEUED: ("queued", "clock", ""),
        "waiting": ("waiting to retry", "clock", "warn"),
        MessageState.CLAIMED: ("being checked", "server", ""),
        MessageState.HANDED: ("handed over", "send", "info"),
        MessageState.ACCEPTED: ("accepted by the provider", "check", "ok"),
        MessageState.DELIVERED: ("delivered", "check", "ok"),
        MessageState.READ: ("read", "eye", "ok"),
        MessageState.FAILED: ("failed", "x", "bad"),
        MessageState.BOUNCED: ("bounced", "x", "bad"),
        MessageState.SUPPRESSED: ("not sent", "minus", ""),
        MessageState.CANCELLED: ("cancelled", "x", ""),
        MessageState.EXPIRED: ("expired", "clock", ""),
        MessageState.UNCERTAIN: ("nobody knows whether it left", "alert", "warn"),
        MessageState.DEAD: ("set aside", "alert", "bad"),
    }
)
# What each end means and what to do, for the page of one message.
MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        MessageState.FAILED: "It will not be tried again.",
        MessageState.BOUNCED: "The receiving server took it and sent it back. It will not be tried again.",
        MessageState.EXPIRED: "It was tried until its deadline. It will not be tried again.",
        MessageState.UNCERTAIN: "It is not repeated by itself, so that nobody gets it twice. Ask the client.",
        MessageState.DEAD: "Every worker that took it stopped. It is kept aside so that the others go on.",
        MessageState.CANCELLED: "Somebody stopped it before it left.",
    }
)


def shown_state(state: str, attempts: int) -> str:
    """The word for where a message stands: one that waits after a try is not merely queued."""
    return "waiting" if state == MessageState.QUEUED and attempts else state


def reason_words(code: str) -> tuple[str, str]:
    """A reason in short and as a sentence; a provider's code stands for itself."""
    return REASONS.get(code, (code, ""))


def verdict_of(stored: str) -> Verdict | None:
    """The gate's answer as a message keeps it, `refuse:withdrawn`; None when the gate was not asked yet."""
    if not stored:
        return None
    answer, _, reason = stored.partition(":")
    return Verdict(Answer(answer), Reason(reason))
