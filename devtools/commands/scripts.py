"""./dev bench and ./dev screenshots: scripts of this repository, run with all that they need."""

from .. import python_env, runtime, settings
from ..console import Failure, note, step
from .basic import hand_over

BENCH = settings.REPO / "bench"
SCREENSHOTS = settings.REPO / "devtools" / "screenshots.py"


def bench(arguments):
    """Run a benchmark, or list them: ./dev bench [NAME] [ARGUMENTS]"""
    names = _names()
    if not arguments:
        step("Benchmarks: ./dev bench NAME")
        for name in names:
            note(name)
        return 0
    name, *rest = arguments
    if name not in names:
        raise Failure(f"there is no benchmark '{name}': there {'is' if len(names) == 1 else 'are'} {', '.join(names)}")
    return _run(f"bench.{name}", rest)


def _names():
    """A benchmark tells in its text how it is called; beside them lie the modules that they use."""
    paths = sorted(BENCH.glob("*.py"))
    return [path.stem for path in paths if f"./dev bench {path.stem}" in path.read_text()]


def screenshots(arguments):
    """Take the screenshots of the README from a demo database."""
    if not SCREENSHOTS.exists():
        raise Failure("there is no devtools/screenshots.py yet")
    return _run("devtools.screenshots", arguments)


def _run(module, arguments):
    environment = runtime.ensure()
    return hand_over([python_env.python(), "-m", module, *arguments], environment, cwd=settings.REPO)
