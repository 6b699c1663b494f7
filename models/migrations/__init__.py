"""How the tables have become what they are, and as scripts what they are; all of it is written by `python -m docs.pages`."""
