"""What the server's processes import. The command line has checked the settings before."""

import os

from marketplace_app import logs
from marketplace_app.app import create_app
from marketplace_app.settings import Settings

logs.configure(os.environ.get("ENVIRONMENT", ""))
app = create_app(Settings.from_mapping(os.environ))
