"""Single sign-on against `oidc-provider` of the npm registry, which is certified."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from risk.access import people
from risk.settings import SignOnSettings
from tests.api.serving import running

pytestmark = pytest.mark.engines

PROVIDER = """
import Provider from 'oidc-provider';
const [port, redirect] = process.argv.slice(2);
const about = (ctx, id) => ({accountId: id, claims: () => (
  {sub: id, email: `${id}@example.com`, email_verified: true, name: id})});
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{client_id: 'console', client_secret: 'a secret of the console',
    redirect_uris: [redirect], token_endpoint_auth_method: 'client_secret_basic'}],
  claims: {openid: ['sub'], email: ['email', 'email_verified'], profile: ['name']},
  findAccount: about, pkce: {required: () => true},
});
provider.listen(Number(port), '127.0.0.1', () => console.log('listening'));
"""


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    npm = shutil.which("npm")
    assert npm, "node and npm are needed: see requirements/packages.sh"
    folder = tmp_path_factory.mktemp("provider")
    (folder / "provider.mjs").write_text(PROVIDER)
    wanted = [npm, "install", "--no-audit", "--no-fund", "--silent", "oidc-provider@9"]
    subprocess.run(wanted, cwd=folder, check=True, timeout=300)
    return folder


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as found:
        return int(found.getsockname()[1])


@pytest.fixture
def issuer(packages: Path) -> Iterator[tuple[str, str]]:
    """A provider's address, and that of the service that it sends browsers back to."""
    port, own = free_port(), free_port()
    redirect = f"http://127.0.0.1:{own}/console/sign-on/answer"
    command = ["node", "provider.mjs", str(port), redirect]
    with subprocess.Popen(command, cwd=packages, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert "listening" in process.stdout.readline()
        yield f"http://127.0.0.1:{port}", redirect
        process.terminate()


def log_in_at(browser: httpx.Client, page: httpx.Response) -> httpx.Response:
    """Answer the provider's forms (login, then consent) until it sends the browser back."""
    for prompt in ("login", "consent"):
        found = re.search(r'<form[^>]* action="([^"]+)"', page.text)
        assert found, page.text
        form = {"prompt": prompt, "login": "mei", "password": "any"}
        page = browser.post(found[1], data=form, follow_redirects=prompt == "login")
    while page.is_redirect and "/console/" not in page.headers["location"]:
        page = browser.get(page.headers["location"])
    return page


def test_a_person_logs_in_by_it(issuer: tuple[str, str], tmp_path: Path) -> None:
    address, redirect = issuer
    settings = SignOnSettings(address, "console", "a secret of the console")
    with running(tmp_path, sign_on=settings) as run, httpx.Client(timeout=30) as browser:
        people.add_person(run.service.history, "mei@example.com", "correct horse battery")
        headers = {"host": httpx.URL(redirect).netloc.decode()}
        begun = browser.get(f"{run.url}/console/sign-on", headers=headers)
        kept = dict(begun.cookies)
        page = browser.get(begun.headers["location"], follow_redirects=True)
        back = httpx.URL(log_in_at(browser, page).headers["location"])
        assert str(back).startswith(redirect)
        own = httpx.URL(run.url).copy_with(raw_path=back.raw_path)
        with httpx.Client(cookies=kept, headers=headers, timeout=30) as again:
            answer = again.get(own)
            assert answer.status_code == 303, answer.text
            assert "refund_risk_session" in answer.headers["set-cookie"]
