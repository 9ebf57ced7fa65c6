"""``python -m twin`` and the command ``twin``."""


def main() -> None:
    """Hand the words to the command line."""
    from twin.cli import main as cli

    cli()


if __name__ == "__main__":
    main()
