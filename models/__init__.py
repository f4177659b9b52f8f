"""Vietnamese text of citizens: domain, kind, lane and urgency with reasons, and the removal of personal data."""
