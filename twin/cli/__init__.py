"""The command line: words in, text out. Everything heavy is imported inside the commands, so that help is quick."""


def main() -> None:
    """Answer the words of the command line and leave with an exit code."""
    from twin.cli.app import start

    start()
