"""Instruments that tests share: clocks, generators, measuring programs."""
