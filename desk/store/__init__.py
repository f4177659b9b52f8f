"""The read model: tables filled by the projector from Kafka, read by the web; it can be dropped at any time."""
