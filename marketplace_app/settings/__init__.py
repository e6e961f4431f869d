from marketplace_app.settings.settings import NAMES, Settings, extensions_named
from marketplace_app.settings.values import EncryptionKey, HostPattern, Secret

__all__ = ["NAMES", "EncryptionKey", "HostPattern", "Secret", "Settings", "extensions_named"]
