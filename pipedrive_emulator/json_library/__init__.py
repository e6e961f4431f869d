"""The component library of JSON panels and JSON modals: what an app may upload, and what it may answer."""
