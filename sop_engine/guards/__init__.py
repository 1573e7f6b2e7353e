"""Guards: the expressions that say when a step is open, parsed, typed, evaluated and explained."""
