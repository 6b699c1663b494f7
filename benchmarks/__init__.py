"""Side by side with peers; never timed tests."""
