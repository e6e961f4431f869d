from examples.inbox.connect import extension as connect
from examples.inbox.inbox import inbox

EXTENSIONS = (connect, inbox)
