"""What the pages for clients read: what a link is about, how things stand, and what the portal's own mails need."""
