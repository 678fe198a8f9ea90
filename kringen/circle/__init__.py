"""The circle itself: its members, themes and stage, and how it is doing."""
