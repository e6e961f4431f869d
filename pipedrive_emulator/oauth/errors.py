"""Refusals of the token endpoint, https://pipedrive.readme.io/docs/marketplace-oauth-and-api-proxy-status-codes."""


class TokenRefused(Exception):
    """``error`` is the RFC 6749 code, ``message`` Pipedrive's wording."""

    def __init__(self, error: str, message: str) -> None:
        super().__init__(message)
        self.error = error
        self.message = message
