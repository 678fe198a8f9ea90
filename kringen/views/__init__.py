"""Pages of a kring: thin, they load what a person may see, call a verb, and show."""
