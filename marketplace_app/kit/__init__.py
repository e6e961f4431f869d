"""What the author of an extension imports."""

from marketplace_app.domain.message import Message, count, say
from marketplace_app.errors import BudgetSpent, FormRejected, PipedriveError, PipedriveRefused
from marketplace_app.kit.context import ActionContext, PanelContext, SurfaceContext, Viewer
from marketplace_app.kit.extension import Extension
from marketplace_app.kit.replies import Fragment, Refresh, Replies, Snackbar
from marketplace_app.pipedrive.client import PipedriveClient, PipedriveReader, together
from marketplace_app.web.words import Words

__all__ = [
    "ActionContext",
    "BudgetSpent",
    "Extension",
    "FormRejected",
    "Fragment",
    "Message",
    "PanelContext",
    "PipedriveClient",
    "PipedriveError",
    "PipedriveReader",
    "PipedriveRefused",
    "Refresh",
    "Replies",
    "Snackbar",
    "SurfaceContext",
    "Viewer",
    "Words",
    "count",
    "say",
    "together",
]
