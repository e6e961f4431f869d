"""How tests start the real thing: a Valkey, the emulator, the app and its worker, each a process."""
