"""The product: one module per surface, and the pure modules that they are made of."""

from marketplace_app.extensions.deal_panel import extension as deal_panel
from marketplace_app.kit import Extension

EXTENSIONS: tuple[Extension, ...] = (deal_panel,)
