"""The sources of our own messages: what a case's `source` tells about it."""

DEMO = "/langnghe/demo"  # invented data; pages show a ribbon
HEARTBEAT = "/langnghe/heartbeat"  # the heartbeat's cases; in no figure
BEAT = "HB-"  # what their codes begin with
REPLAY = "/langnghe/replay"  # replayed files
