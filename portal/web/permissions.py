"""The permissions alone, without Flask, so that the rules of the staff feature can grant them."""

from enum import StrEnum


class Permission(StrEnum):
    """What a person may do. PUBLIC is declared too: a route without a declaration is refused."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    HOME_VIEW = "home.view"
    AUDIT_VIEW = "audit.view"
    AUDIT_VERIFY = "audit.verify"
    CLIENT_VIEW = "client.view"
    CLIENT_CHANGE = "client.change"
    CLIENT_REVEAL = "client.reveal"
    CLIENT_IMPORT = "client.import"
    CONSENT_VIEW = "consent.view"
    CONSENT_CHANGE = "consent.change"
    SUPPRESSION_CHANGE = "suppression.change"
    SUPPRESSION_REMOVE = "suppression.remove"
    ANALYTICS_VIEW = "analytics.view"
    HEALTH_VIEW = "health.view"
    MESSAGE_VIEW = "message.view"
    MESSAGE_SEND = "message.send"
    MESSAGE_READ = "message.read"
    SETTINGS_VIEW = "settings.view"
    SETTINGS_CHANGE = "settings.change"
    STAFF_VIEW = "staff.view"
    STAFF_CHANGE = "staff.change"
    TEMPLATE_VIEW = "template.view"
    TEMPLATE_CHANGE = "template.change"
    TEMPLATE_APPROVE = "template.approve"
