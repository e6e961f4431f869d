"""How installations begin, are shared, and end, whoever ends them; and what the app is told of it."""

from collections.abc import Callable
from typing import Any, Literal

from pipedrive_emulator.apps import App, Apps
from pipedrive_emulator.ledger import Ledger
from pipedrive_emulator.oauth.callback import Callbacks
from pipedrive_emulator.oauth.grants import Grants, Holder
from pipedrive_emulator.oauth.shares import Share, Shares
from pipedrive_emulator.switches import Switches
from pipedrive_emulator.world.company import User

State = Literal["installed", "reauthorize", "absent"]
Cause = Literal["user", "vendor", "deactivation", "app_deletion"]

# The switch that says whether an end of that cause sends DELETE; a user's own uninstall always does.
_TELLS = {
    "vendor": "delete_on_vendor_revoke",
    "deactivation": "delete_on_deactivation",
    "app_deletion": "delete_on_app_deletion",
}


class NotAdmin(Exception):
    """Only an admin shares an app; the text says so."""


class Installations:
    def __init__(
        self,
        *,
        ledger: Ledger,
        switches: Switches,
        apps: Apps,
        grants: Grants,
        shares: Shares,
        callbacks: Callbacks,
    ) -> None:
        self._ledger = ledger
        self._switches = switches
        self._apps = apps
        self._grants = grants
        self.shares = shares
        self._callbacks = callbacks
        self._watchers: list[Callable[[Holder], None]] = []

    def watch_ends(self, watcher: Callable[[Holder], None]) -> None:
        """Call it with each installation that ends, whoever ends it."""
        self._watchers.append(watcher)

    def state(self, app: App, user: User) -> State:
        """``reauthorize``: idle for 60 days, or the app asks for more than this user has allowed."""
        holder = Holder(app.client_id, user.company_id, user.id)
        scope = self._grants.scope(holder)
        if scope is None:
            has_idle = any(token.kind == "refresh" for token in self._grants.held_by(holder))
            return "reauthorize" if has_idle else "absent"
        return "installed" if set(app.scope.split(",")) <= set(scope.split(",")) else "reauthorize"

    def begin(self, app: App, holder: Holder) -> None:
        """Tokens were issued; where the app is shared, it is told that one more has it."""
        self.note("installed", holder)
        if self.shares.find(app.client_id, holder.company_id):
            self._callbacks.send_share(app, holder, is_shared=True)

    def end(self, app: App, holder: Holder, by: Cause) -> None:
        """End it; the callback follows in the background. Nothing happens when nothing was installed."""
        if not self._grants.held_by(holder):
            return
        tells = by == "user" or self._switches.get(_TELLS[by]) == "yes"
        waits = tells and self._switches.get("delete_order") == "before_token_death"
        self.note("uninstalled", holder, by=by)
        for watcher in self._watchers:
            watcher(holder)
        if not waits:
            self._grants.drop_all(holder, "code", "access", "refresh")
        if tells:
            self._callbacks.send_delete(app, holder, ends=waits)

    def uninstall(self, client_id: str, user: User) -> None:
        """What the Marketplace page does."""
        app = self._apps.by_client_id(client_id)
        if app is not None:
            self.end(app, Holder(client_id, user.company_id, user.id), by="user")

    def user_changed(self, before: User, user: User) -> None:
        """A deactivated user has no apps any more, and what this admin shared is shared no longer."""
        if user.active or not before.active:
            return
        for app in self._apps.all():
            self.end(app, Holder(app.client_id, user.company_id, user.id), by="deactivation")
        for share in self.shares.of_admin(user.id):
            self._unshare(share)

    def delete_app(self, app: App) -> int:
        """The owner takes the app off the Marketplace for good; answers how many installations ended."""
        holders = self._grants.holders(app.client_id)
        for holder in holders:
            self.end(app, holder, by="app_deletion")
        for share in self.shares.of_app(app.client_id):
            self.shares.remove(share)
        self._apps.remove(app.client_id)
        self._ledger.append("app_deleted", client_id=app.client_id, installations=len(holders))
        return len(holders)

    def register(self, app: App) -> None:
        """Add or replace the app; added scopes wait for each user's consent."""
        before = self._apps.by_client_id(app.client_id) or app
        self._apps.register(app)
        added = set(app.scope.split(",")) - set(before.scope.split(","))
        if not added:
            return
        self._ledger.append("scopes_added", client_id=app.client_id, scopes=sorted(added))
        if self._switches.get("access_after_scopes_added") == "revoked":
            for holder in self._grants.holders(app.client_id):
                self._grants.drop_all(holder, "access")

    def share(
        self, app: App, admin: User, *, is_shared: bool, user_ids: tuple[int, ...] | None = None
    ) -> None:
        """Show the app to these users, or to all, or to nobody any more, and tell it so; raises NotAdmin."""
        if not admin.is_admin:
            raise NotAdmin(f"{admin.name} is no admin: only an admin shares an app with the company.")
        share = Share(app.client_id, admin.company_id, admin.id, user_ids)
        found = self.shares.find(app.client_id, admin.company_id)
        if is_shared:
            self.shares.put(share)
            self._tell(app, share, is_shared=True)
        elif found is not None:
            self._unshare(found)

    def _unshare(self, share: Share) -> None:
        """Those who installed it keep it."""
        self.shares.remove(share)
        app = self._apps.by_client_id(share.client_id)
        if app is not None:
            self._tell(app, share, is_shared=False)

    def note(self, kind: str, holder: Holder, **facts: Any) -> None:
        client_id, company_id, user_id = holder
        self._ledger.append(kind, company_id=company_id, user_id=user_id, client_id=client_id, **facts)

    def _tell(self, app: App, share: Share, *, is_shared: bool) -> None:
        holder = Holder(share.client_id, share.company_id, share.admin_id)
        self.note("sharing", holder, is_shared=is_shared)
        self._callbacks.send_share(app, holder, is_shared=is_shared)
