"""OAuth, installations and what an app is told of them."""

from pipedrive_emulator.switch_rows.switch import Switch

ROWS = (
    Switch(
        "refresh_rotation",
        ("same", "rotate", "single_use", "single_use_grace"),
        "A refresh answers the same refresh token; a new one beside the old; a new one and the old dies "
        "at once; a new one and the old dies 60 seconds later.",
    ),
    Switch(
        "old_access_after_refresh",
        ("valid", "revoked"),
        "Whether access tokens issued before a refresh live on until they expire.",
    ),
    Switch(
        "old_grant_on_reauthorise",
        ("revoked", "kept"),
        "What happens to the tokens of an earlier installation when the same user installs again.",
    ),
    Switch(
        "invalid_client",
        ("basic_401", "always_400"),
        "Status for wrong client credentials: 401 when they came in the header, or 400 always.",
    ),
    Switch(
        "error_envelope",
        ("pipedrive", "rfc"),
        "Token errors as {success, message, error} or as {error, error_description}.",
    ),
    Switch(
        "deny_error",
        ("user_denied", "access_denied"),
        "The error that Cancel on the consent page sends back.",
    ),
    Switch(
        "deny_description",
        ("no", "yes"),
        "Whether error_description comes with that error.",
    ),
    Switch(
        "empty_scope",
        ("ignored", "refused"),
        "What an empty scope in the authorize URL does: nothing, or 400. Any other scope is ignored.",
    ),
    Switch(
        "grant_wording",
        ("underscores", "spaces"),
        "Token errors speak of authorization_code and refresh_token, or of authorization code and refresh "
        "token.",
    ),
    Switch("revoke_body", ("json", "empty"), "The body of a revocation's 200."),
    Switch(
        "exchange_api_token",
        ("yes", "no"),
        "Whether grant_type=exchange_api_token turns a user's API token into an installation.",
    ),
    Switch(
        "api_domain",
        ("address", "company_host"),
        "Token answers name the emulator's address as api_domain, or the company's own host, which follows "
        "its domain but is found only where names under localhost lead to this machine.",
    ),
    Switch(
        "access_after_scopes_added",
        ("revoked", "valid"),
        "What becomes of access tokens when the app's registration asks for more scopes.",
    ),
    Switch(
        "installation_url_for",
        ("marketplace", "every_entry"),
        "Whether Install & test and Re-authorize start at the installation URL too, or at consent.",
    ),
    Switch(
        "share_auth",
        ("none", "basic"),
        "Whether the POST that tells of sharing carries the client's credentials.",
    ),
    Switch(
        "delete_timestamp", ("iso", "epoch", "epoch_ms"), "The form of timestamp in the uninstall callback."
    ),
    Switch(
        "delete_on_vendor_revoke",
        ("no", "yes"),
        "Whether revoking a refresh token through /oauth/revoke sends the uninstall callback too.",
    ),
    Switch(
        "delete_on_deactivation",
        ("no", "yes"),
        "Whether the uninstall callback is sent when a user is deactivated.",
    ),
    Switch(
        "delete_on_app_deletion",
        ("yes", "no"),
        "Whether the uninstall callback is sent for every user when the app is deleted.",
    ),
    Switch(
        "delete_order",
        ("after_token_death", "before_token_death"),
        "Whether tokens are dead when the uninstall callback arrives, or die once it was answered.",
    ),
    Switch(
        "callback_retries",
        ("no", "yes"),
        "Whether callbacks that are not answered with success are sent again, after 3, 30 and 150 seconds.",
    ),
    Switch("token_extra_keys", ("no", "yes"), "Whether token answers carry keys that no page documents."),
)
