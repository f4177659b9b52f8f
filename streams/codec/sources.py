"""The sources of our own messages: what a case's `source` tells about it."""

DEMO = "/langnghe/demo"  # invented data; pages show a ribbon
HEARTBEAT = "/langnghe/heartbeat"  # the heartbeat's cases; in no figure
REPLAY = "/langnghe/replay"  # replayed files
