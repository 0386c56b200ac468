"""What all pages in a browser share: safe headers, where they stand, styles, templates, limits."""
