"""Procedure definitions: loaded from YAML, validated, overlaid by a country, frozen."""
