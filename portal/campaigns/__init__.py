"""One message template version sent to an audience."""
