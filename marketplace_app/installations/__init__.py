"""Installations: find, save, renew, end. The only way to a PipedriveClient."""

from marketplace_app.installations.installations import Installations

__all__ = ["Installations"]
