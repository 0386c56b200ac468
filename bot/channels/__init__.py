"""The platforms on which delegates write; a package or module each."""
