"""What an extension and messaging have in common: a name, and an end to being changed."""

from marketplace_app.errors import ConfigurationError


class Declares:
    name: str
    _called = "extension"
    _is_frozen = False

    def freeze(self) -> None:
        """From now on it is what it is; `create_app` calls this."""
        self._is_frozen = True

    def _refuse_when_frozen(self) -> None:
        if self._is_frozen:
            raise ConfigurationError([f"{self._called} {self.name} was changed after the app was made"])
