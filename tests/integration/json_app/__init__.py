"""An app of JSON surfaces alone, on the same backend."""
