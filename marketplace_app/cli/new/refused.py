class Refused(Exception):
    """Nothing was written; the text says why and what to do instead."""
