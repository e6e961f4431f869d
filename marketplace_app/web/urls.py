"""What may stand in a link, whoever wrote it."""

import re

_SCHEMES = ("https", "http", "mailto", "tel")
_SCHEME = re.compile(r"([^:/?#]*):")
_DROPPED = re.compile(r"[\x00-\x20\x7f-\x9f]")  # by browsers, some of it in the midst of a URL


def safe_url(url: object) -> str:
    """The URL if it is https, http, mailto, tel or relative, else nothing: a template leaves that link out.

    Whatever stands before the first colon of a path is taken for a scheme, as browsers do.
    """
    text = url.strip() if isinstance(url, str) else ""
    found = _SCHEME.match(_DROPPED.sub("", text))
    if found is not None and found[1].lower() not in _SCHEMES:
        return ""
    return text
