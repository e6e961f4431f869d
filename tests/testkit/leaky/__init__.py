"""An app whose surfaces each leak in a way of their own, and one that does not: what --tenancy is for."""
