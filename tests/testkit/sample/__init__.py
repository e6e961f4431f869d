"""An honest app with a surface of each kind, for the tests of the test kit."""
