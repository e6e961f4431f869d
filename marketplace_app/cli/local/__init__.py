"""The app, the emulator and a Valkey as processes of this machine; `demo` and the tests start them alike."""
