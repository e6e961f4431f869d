"""Limits of what we read from a request."""

BODY_BYTES = 64 * 1024  # of every route that reads a body; the others never do
