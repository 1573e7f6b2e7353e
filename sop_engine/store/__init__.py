"""The store: database tables, migrations, loading a case and appending to it."""
