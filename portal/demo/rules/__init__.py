"""The invented company: its clients, topics, texts, and what became of its messages. Reads no database."""
