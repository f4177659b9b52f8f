"""Kafka and Faust: topics, wire format, agents, deadline watch, metrics, embedded broker."""
