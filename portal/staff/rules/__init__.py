"""What is allowed at the door: roles, passwords, second factor, delays, session ages. Pure; reads no database."""
