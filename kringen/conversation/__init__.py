"""Rooms and what is said in them: verbs, permissions, and what their pages are made of."""
