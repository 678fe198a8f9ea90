"""The benchmark year: its plan, milestones and dates."""
