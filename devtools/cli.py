"""The list of commands."""

import sys

from . import commands, console


def main(arguments):
    name, rest = (arguments[0], arguments[1:]) if arguments else ("help", [])
    if name in ("-h", "--help", "help"):
        return commands.show_help()
    command = commands.TABLE.get(name)
    if command is None:
        print(f"dev: there is no command '{name}': ./dev help lists them", file=sys.stderr)
        return 2
    try:
        return command(rest) or 0
    except console.Failure as failure:
        print(f"dev: {failure}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"dev: {error.filename or name}: {error.strerror}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
