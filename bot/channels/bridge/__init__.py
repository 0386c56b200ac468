"""The door for a bridge that an organization runs itself: signed JSON in, signed JSON out."""
