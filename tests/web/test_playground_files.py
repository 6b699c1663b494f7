"""The page of the playground and its files, as they are built, served and compressed."""

import hashlib
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from graphql import build_schema, parse, validate
from starlette.applications import Starlette

from web import playground

SOURCE = Path(playground.__file__).parent / "playground"
SCHEMA = Path("schema/schema.graphql")


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(Starlette(routes=playground.routes()))
    async with httpx.AsyncClient(transport=transport, base_url="http://savas.test") as client:
        yield client


async def test_the_page_may_load_only_what_this_server_holds(client: httpx.AsyncClient) -> None:
    policy = (await client.get("/")).headers["content-security-policy"]

    assert "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-" in policy
    assert "http" not in policy
    assert policy.count("unsafe") == policy.count("style-src-attr 'unsafe-inline'")


async def test_each_page_has_a_nonce_of_its_own(client: httpx.AsyncClient) -> None:
    pages = [await client.get("/") for _ in range(2)]
    nonces = [re.findall(r'csp-nonce" nonce="([^"]+)"', page.text)[0] for page in pages]

    assert nonces[0] != nonces[1]
    assert all(
        f"'nonce-{nonce}'" in page.headers["content-security-policy"]
        for nonce, page in zip(nonces, pages, strict=True)
    )
    assert playground.NONCE not in pages[0].text


async def test_the_page_is_kept_nowhere_and_tells_nobody_where_it_was_read(client: httpx.AsyncClient) -> None:
    headers = (await client.get("/")).headers

    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]


async def test_every_file_is_served_with_its_own_type_and_may_be_kept(client: httpx.AsyncClient) -> None:
    for path in (playground.STATIC / "assets").iterdir():
        answer = await client.get(f"/static/assets/{path.name}")

        assert answer.status_code == 200
        assert answer.headers["content-type"] == playground.MEDIA_TYPES[path.suffix]
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["content-security-policy"] == "default-src 'none'; script-src 'self'"


async def test_what_is_built_is_sent_compressed_to_whoever_takes_it_so(client: httpx.AsyncClient) -> None:
    largest = max((playground.STATIC / "assets").iterdir(), key=lambda path: path.stat().st_size)
    address = f"/static/assets/{largest.name}"

    for coding, sent in (("gzip, br", "gzip"), ("identity", None), ("gzip;q=0", None)):
        answer = await client.get(address, headers={"Accept-Encoding": coding})
        assert answer.headers.get("content-encoding") == sent
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.content == largest.read_bytes()
        assert int(answer.headers["content-length"]) < largest.stat().st_size / (3 if sent else 0.99)
        again = await client.get(
            address, headers={"Accept-Encoding": coding, "If-None-Match": answer.headers["etag"]}
        )
        assert again.status_code == 304
    page = await client.get("/", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in page.headers


@pytest.mark.parametrize("path", ["index.html", "assets/none.js", "", "..%2fplayground.py", "assets/"])
async def test_nothing_but_the_built_files_is_served(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(f"/static/{path}")).status_code == 404


async def test_a_server_without_a_demo_has_no_personas_to_offer(client: httpx.AsyncClient) -> None:
    assert (await client.get("/playground/personas.json")).json() == []


def test_the_built_files_are_small_and_carry_no_source_maps() -> None:
    files = [path for path in playground.STATIC.rglob("*") if path.is_file()]

    assert sum(path.stat().st_size for path in files) < 8_000_000
    assert not [path for path in files if path.suffix == ".map" or b"sourceMappingURL=" in path.read_bytes()]


def test_the_built_files_come_from_these_sources() -> None:
    names = ["index.html", "package-lock.json", "vite.config.js"]
    names += [path.relative_to(SOURCE).as_posix() for path in (SOURCE / "src").rglob("*.*")]
    digest = hashlib.sha256()
    for name in sorted(names):
        digest.update(f"{name}\n".encode() + (SOURCE / name).read_bytes())

    assert (playground.STATIC / "built-from.txt").read_text().strip() == digest.hexdigest()


def test_the_lock_file_names_no_host() -> None:
    assert not re.findall(r'"resolved"', (SOURCE / "package-lock.json").read_text())


@pytest.mark.skipif(not SCHEMA.exists(), reason="schema/schema.graphql is not there")
def test_every_bundled_example_is_valid() -> None:
    schema = build_schema(SCHEMA.read_text())
    problems = [
        (path.name, error.message)
        for path in (SOURCE / "src/examples").glob("*.graphql")
        for error in validate(schema, parse(path.read_text()))
    ]

    assert problems == []


def test_every_bundled_example_is_offered() -> None:
    groups = json.loads((SOURCE / "src/examples.json").read_text())
    offered = [example["file"] for group in groups for example in group["queries"]]

    assert sorted(offered) == sorted(path.stem for path in (SOURCE / "src/examples").iterdir())
