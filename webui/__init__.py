"""The web interface: pages, sign-in and access, and no business rule."""
