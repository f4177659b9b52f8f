"""The law as pure functions: calendar, counting, dossiers, feedback, watchpoints; no clock, no I/O, no logging."""
