"""Figures, printed as JSON: ours, and beside it from the same run the limit or the peer it is measured against."""
