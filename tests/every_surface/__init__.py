"""An app with a surface of every kind of iframe and a button for every reply; tests drive it."""
