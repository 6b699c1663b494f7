"""The command line: `./savas`."""
