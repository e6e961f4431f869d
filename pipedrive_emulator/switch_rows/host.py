"""The pages and what they do with app extensions."""

from pipedrive_emulator.switch_rows.switch import NUMBER, Switch

ROWS = (
    Switch(
        "modal_default_width", NUMBER, "Pixels of a custom modal that named no size.", number_default="520"
    ),
    Switch(
        "modal_default_height", NUMBER, "Pixels of a custom modal that named no size.", number_default="400"
    ),
    Switch(
        "resize_policy",
        ("reject", "clamp"),
        "What the page does with a panel size outside the limits: ignore it, or use the nearest limit.",
    ),
    Switch(
        "json_panel_part",
        ("sent", "absent"),
        "Whether an action on an object or a field of a JSON panel is told which one, as objectId and "
        "fieldKey in the query. No page says so.",
    ),
    Switch(
        "panel_without_install",
        ("shown", "hidden"),
        "Whether a user who has not installed the app sees its panels. Pipedrive hides them; shown is the "
        "emulator's own, so that an app's connect page can be looked at.",
    ),
    Switch(
        "initialize_while_hidden",
        ("answered", "withheld"),
        "Whether initialize of a floating window is answered before it is shown for the first time.",
    ),
    Switch(
        "floating_from_elsewhere",
        ("allowed", "refused"),
        "Whether panels, modals and the settings page may use the commands of their app's floating window.",
    ),
    Switch(
        "phone_context",
        ("number", "phone", "phoneNumber", "call_number", "none"),
        "How a click on a phone number names it in the context of the floating window: under that key, as "
        "{call: {number}}, or not at all.",
    ),
    Switch(
        "modal_close_status",
        ("closed", "submitted"),
        "The status with which OPEN_MODAL resolves after the custom modal closed itself with CLOSE_MODAL.",
    ),
    Switch(
        "sdk_modal_record",
        ("opener", "none"),
        "Whether a custom modal opened by the SDK is told the record beside which its opener stands.",
    ),
    Switch(
        "modal_list_filter",
        ("absent", "present"),
        "Whether custom modals opened from a list get excludedIds and filter, as link actions do.",
    ),
    Switch(
        "link_action_token",
        ("absent", "present"),
        "Whether link actions carry the signed token.",
    ),
    Switch(
        "settings_context",
        ("json", "flat"),
        "Whether the context of REDIRECT_TO settings is one parameter in JSON or one for each of its keys.",
    ),
    Switch(
        "iframe_sandbox",
        ("off", "on"),
        "Whether iframes are sandboxed; scripts, forms, popups, downloads and their own origin stay allowed.",
    ),
    Switch(
        "floating_default_width",
        NUMBER,
        "Pixels of a floating window that named no size.",
        number_default="320",
    ),
    Switch(
        "floating_default_height",
        NUMBER,
        "Pixels of a floating window that named no size.",
        number_default="240",
    ),
    Switch("panel_default_height", NUMBER, "Pixels of a panel that named no size.", number_default="300"),
)
