"""A new office: folder, estate, first administrator, recovery key; what follows is the page `ui.pages.setup`."""
