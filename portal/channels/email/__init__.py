"""Email: the MIME that leaves, the SMTP connection it leaves by, and what the server's answer means."""
