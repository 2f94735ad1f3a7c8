"""The sample estate: invented people who live for months through the same doors as everybody."""
