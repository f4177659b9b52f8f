"""FastAPI application: intake, pages, server-sent events."""
