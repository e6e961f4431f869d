"""Another app on the same backend: what EXTENSIONS, MANIFEST and TEMPLATES_DIR plug in."""
