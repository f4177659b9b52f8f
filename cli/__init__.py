"""The `langnghe` command: the only reader of environment and settings, and the place where all parts are joined."""
