"""A multi-tenant backend for Pipedrive Marketplace apps, and Sightline, the app that ships with it."""

__version__ = "0.1.0"
