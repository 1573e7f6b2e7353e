"""What can be done now, by whom, why not; and what follows from doing it. Pure: no clock, no I/O."""
