"""What is decided about files, rows and cells; reads no database."""
