"""Work that actions put off: added by whoever handles something, done by the worker."""
