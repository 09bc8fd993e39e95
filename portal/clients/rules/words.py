"""States, channels and wishes in the words of the pages. Pure."""

from portal.clients.models import Channel, Frequency, PointKind, PointState, ZoneSource

CHANNELS = {Channel.EMAIL: "Email", Channel.SMS: "SMS", Channel.WHATSAPP: "WhatsApp"}
KINDS = {PointKind.EMAIL: "email address", PointKind.PHONE: "phone number", PointKind.WHATSAPP_ID: "WhatsApp identity"}
FREQUENCIES = {
    Frequency.EVERY: "Every message",
    Frequency.WEEKLY: "At most one marketing message a week",
    Frequency.MONTHLY: "At most one marketing message a month",
}
ZONE_SOURCES = {
    ZoneSource.DECLARED: "as somebody said",
    ZoneSource.COUNTRY: "from the country",
    ZoneSource.PHONE: "from the phone number",
    ZoneSource.UNKNOWN: "not known",
}
# Word, look and icon of the badge, and what it means for sending.
POINT_STATES = {
    PointState.USABLE: ("In use", "ok", "check", "Messages can go to it, where consent and suppression allow it."),
    PointState.UNUSABLE: ("Does not work", "bad", "x", "Nothing is sent to it."),
    PointState.RAW: ("Country missing", "warn", "alert", "Nothing is sent to it until its country code is known."),
    PointState.ERASED: ("Forgotten", "", "minus", "The address was taken away."),
}
