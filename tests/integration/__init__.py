"""Tests of several parts together, on SQLite and on PostgreSQL."""
