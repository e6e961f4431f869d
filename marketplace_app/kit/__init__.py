"""What the author of an extension imports."""

from marketplace_app.domain.message import Message, count, say
from marketplace_app.domain.selection import ListFilter, Selection
from marketplace_app.errors import AdminsOnly, BudgetSpent, FormRejected, PipedriveError, PipedriveRefused
from marketplace_app.kit.context import (
    ActionContext,
    FloatingContext,
    LinkContext,
    ModalContext,
    PanelContext,
    SettingsContext,
    SurfaceContext,
    Viewer,
)
from marketplace_app.kit.extension import Extension
from marketplace_app.kit.job_declaring import JobContext
from marketplace_app.kit.jobs import Again, JobRejected
from marketplace_app.kit.links import Leave
from marketplace_app.kit.replies import (
    CloseModal,
    Confirm,
    FocusMode,
    Fragment,
    HideFloatingWindow,
    Notification,
    OpenModal,
    Redirect,
    Refresh,
    Replies,
    Resize,
    ShowFloatingWindow,
    Snackbar,
)
from marketplace_app.pipedrive.client import PipedriveClient, PipedriveReader, together
from marketplace_app.web.words import Words

__all__ = [
    "ActionContext",
    "AdminsOnly",
    "Again",
    "BudgetSpent",
    "CloseModal",
    "Confirm",
    "Extension",
    "FloatingContext",
    "FocusMode",
    "FormRejected",
    "Fragment",
    "HideFloatingWindow",
    "JobContext",
    "JobRejected",
    "Leave",
    "LinkContext",
    "ListFilter",
    "Message",
    "ModalContext",
    "Notification",
    "OpenModal",
    "PanelContext",
    "PipedriveClient",
    "PipedriveError",
    "PipedriveReader",
    "PipedriveRefused",
    "Redirect",
    "Refresh",
    "Replies",
    "Resize",
    "Selection",
    "SettingsContext",
    "ShowFloatingWindow",
    "Snackbar",
    "SurfaceContext",
    "Viewer",
    "Words",
    "count",
    "say",
    "together",
]
