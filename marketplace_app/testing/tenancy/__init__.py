"""`pytest --tenancy`: every route of an app, tried as those who must not get in and as other companies."""
