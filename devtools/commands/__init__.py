"""One function per command: takes the arguments after its name, returns the exit code."""

from . import basic, demo, packaging, scripts, testing

TABLE = {
    "demo": demo.demo,
    "test": testing.test,
    "odoo": basic.odoo,
    "psql": basic.psql,
    "lint": basic.lint,
    "i18n": packaging.i18n,
    "readme": basic.readme,
    "dist": packaging.dist,
    "bench": scripts.bench,
    "screenshots": scripts.screenshots,
    "setup": basic.setup,
    "stop": basic.stop,
}


def show_help():
    print("usage: ./dev COMMAND [ARGUMENTS]\n")
    for name, function in TABLE.items():
        print(f"  {name:12} {(function.__doc__ or '').splitlines()[0]}")
    return 0
