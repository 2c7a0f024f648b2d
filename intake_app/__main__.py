"""Starts the program: python -m intake_app, or intake-app."""

from intake_app.cli import program


def main() -> None:
    """Run the command line; without a command it opens the window."""
    program(prog_name="intake-app")


if __name__ == "__main__":
    main()
