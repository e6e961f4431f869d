"""What the author of an app tests it with: a pytest plugin (`plugin.py`) over a running app and emulator."""
