"""The settings that nothing reads yet: their values are kept, and the pages say so beside each."""

UNUSED = frozenset(
    {
        "batching.enabled",
        "batching.size",
        "batching.urgencies",
        "batching.window",
        "limits.sms_per_second",
        "limits.whatsapp_per_day",
        "retention.audit_log",
        "retention.backups",
        "retention.consent_evidence",
        "retention.delivery_events",
        "retention.exports",
        "retention.logs",
        "retention.message_content",
        "retention.request_data",
        "retention.unconfirmed",
        "security.rotation_interval",
        "security.rotation_warning",
    }
)
