"""Proofs over the procedures: what no path of them can do, shown before an edition may be used."""
