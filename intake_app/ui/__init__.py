"""The window: the only code that knows PySide6."""
