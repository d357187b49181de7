"""The upstream's protocol: its commands, its answers, and the one place that sends. Plain Python."""
