"""Every write of the preference centre: its texts, its mails, asking for a link, and what a person switches."""
