"""What the desk remembers: SQLAlchemy on SQLite or PostgreSQL. The only package that imports SQLAlchemy."""
