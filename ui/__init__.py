"""The window: Qt only. Pages call the doors of app.services with a seat; nothing here knows the database."""
