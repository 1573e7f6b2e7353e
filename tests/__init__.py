"""Tests of the engine, the procedures, the web interface and the papers."""
