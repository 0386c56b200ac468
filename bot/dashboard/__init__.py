"""The organizers' dashboard: pages that staff look at and work on, in a browser."""
