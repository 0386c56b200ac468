"""Tests of what turns documents into evidence."""
