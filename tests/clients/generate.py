"""Generate clients from the service's own document and use each for calls: `make examine`.

The generators come from the registries, at the versions below, into a folder of their own.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from tests.api.serving import running
from tests.api.test_scoring import body

HERE = Path(__file__).parent
PYTHON_TOOLS = (
    "openapi-python-client==0.29.1", "openapi-generator-cli==7.26.0", "lazy-imports",
    "python-dateutil", "urllib3", "pydantic",
)  # fmt: skip
NODE_TOOLS = (
    "openapi-typescript@7.13.0", "openapi-fetch@0.17.0", "typescript@5.9.3", "@types/node@20",
)  # fmt: skip
TSCONFIG = {
    "compilerOptions": {
        "strict": True, "target": "es2022", "module": "commonjs", "moduleResolution": "node10",
        "skipLibCheck": True, "esModuleInterop": True, "outDir": "out", "types": ["node"],
        "lib": ["es2022", "dom", "dom.iterable"],
    }
}  # fmt: skip
EXPECTED = {
    "ready": 200, "score": 200, "decisions": True, "again": 200, "batch": 200, "cases": 200,
    "inbox": 200, "model": "1",
}  # fmt: skip


def run(*words: str | Path, cwd: Path, stdin: str = "", **environ: str) -> str:
    """What a command wrote. Raises SystemExit with what it said where it failed."""
    done = subprocess.run(
        [str(word) for word in words], cwd=cwd, input=stdin, capture_output=True, text=True,
        env={**os.environ, **environ}, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, words))}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def install(tools: Path) -> Path:
    """The folder of the Python tools; whatever is missing is installed."""
    programs = tools / "python" / "bin"
    if not (programs / "openapi-generator-cli").exists():
        venv.create(tools / "python", with_pip=True)
        run(programs / "pip", "install", "-q", *PYTHON_TOOLS, cwd=tools)
    if not (tools / "node_modules/.bin/tsc").exists():
        (tools / "package.json").write_text('{"private": true}')
        run("npm", "install", "--no-audit", "--no-fund", *NODE_TOOLS, cwd=tools)
    return programs


def python_client(work: Path, programs: Path) -> tuple[str | Path, ...]:
    """Generate with openapi-python-client; answers what makes the calls."""
    run(programs / "openapi-python-client", "generate", "--path", "openapi.json",
        "--output-path", "generated", "--meta", "none", cwd=work)  # fmt: skip
    return programs / "python", HERE / "openapi_python_client_calls.py"


def generator_python(work: Path, programs: Path) -> tuple[str | Path, ...]:
    """Generate with openapi-generator for Python."""
    run(programs / "openapi-generator-cli", "generate", "-i", "openapi.json", "-g", "python",
        "-o", ".", cwd=work)  # fmt: skip
    return programs / "python", HERE / "openapi_generator_calls.py"


def generator_typescript(work: Path, programs: Path) -> tuple[str | Path, ...]:
    """Generate with openapi-generator for TypeScript and compile it strictly."""
    run(programs / "openapi-generator-cli", "generate", "-i", "openapi.json",
        "-g", "typescript-fetch", "-o", "client", cwd=work)  # fmt: skip
    return _compiled(work, "typescript_fetch_calls.ts")


def typescript_types(work: Path, _: Path) -> tuple[str | Path, ...]:
    """Generate types with openapi-typescript and compile calls by openapi-fetch strictly."""
    run("npx", "openapi-typescript", "openapi.json", "-o", "schema.ts", cwd=work)
    return _compiled(work, "openapi_fetch_calls.ts")


def _compiled(work: Path, calls: str) -> tuple[str | Path, ...]:
    shutil.copy(HERE / calls, work)
    (work / "tsconfig.json").write_text(json.dumps({**TSCONFIG, "files": [calls]}))
    run("npx", "tsc", "-p", "tsconfig.json", cwd=work)
    return "node", Path("out") / f"{Path(calls).stem}.js"


GENERATORS: dict[str, Callable[[Path, Path], tuple[str | Path, ...]]] = {
    "openapi-python-client": python_client,
    "openapi-generator python": generator_python,
    "openapi-generator typescript-fetch": generator_typescript,
    "openapi-typescript": typescript_types,
}


def check(name: str, found: dict[str, Any]) -> list[str]:
    """What a client's calls were answered otherwise than expected."""
    wrong = [f"{name}: {what} {found.get(what)}" for what, expected in EXPECTED.items()
             if found.get(what) != expected]  # fmt: skip
    if found.get("wrong", [None])[0] != 422 or found.get("orders") not in (200, 201):
        wrong.append(f"{name}: {found}")
    return wrong


def main(tools: Path, only: list[str]) -> None:
    tools.mkdir(parents=True, exist_ok=True)
    programs = install(tools)
    faults: list[str] = []
    with TemporaryDirectory() as store, running(Path(store)) as served:
        asked = f"{served.url}/openapi.json?webhooks=false"
        document = httpx.get(asked, timeout=60).text
        for number, (name, generate) in enumerate(GENERATORS.items()):
            if only and name not in only:
                continue
            work = tools / f"client{number}"
            shutil.rmtree(work, ignore_errors=True)
            work.mkdir()
            (work / "openapi.json").write_text(document, encoding="utf-8")
            said = run(
                *generate(work, programs), cwd=work, stdin=json.dumps(body(f"c{number}")),
                URL=served.url, KEY=served.token(), PYTHONPATH=str(work),
            )  # fmt: skip
            faults += check(name, json.loads(said))
            sys.stdout.write(f"{name}: used for calls\n")
    if faults:
        raise SystemExit("\n".join(faults))


if __name__ == "__main__":
    main(Path(os.environ.get("CLIENT_TOOLS", ".venv/clients")).absolute(), sys.argv[1:])
