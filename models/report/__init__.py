"""Evidence for docs/model.md: measured in one run, on rows that the measured model has not seen."""
