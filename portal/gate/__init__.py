"""The one decision whether a message may be sent, with its reason."""
