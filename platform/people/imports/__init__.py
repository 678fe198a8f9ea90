"""The register of municipalities, from files: reading, checking, and only then changing anything."""
