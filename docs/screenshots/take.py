# ruff: noqa: INP001  (a script, no package)
"""Takes the screenshots of docs/ from a running demonstration: `python docs/screenshots/take.py http://127.0.0.1:8000`.

1366×768, Debian's Chromium, the demonstration's accounts. Needs poppler's `pdftoppm` for the printed card.
"""

import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from collections import Counter
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, sync_playwright

HERE: Final = Path(__file__).parent
PASSWORD: Final = "fupin-demo-2014"  # noqa: S105  (public, and good for nothing outside the demonstration)
BAIWEN: Final = "141124101"
MOST_BYTES: Final = 250_000


def main(site: str) -> None:
    """Take all of them."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = desk(browser, site)
        keep(page, "sign_in")
        sign_in(page, site, "county")
        keep(page, "home")
        page.goto(f"{site}/registry/households/?division={BAIWEN}000&year=2014")
        keep(page, "household_list")
        card = str(page.locator('a[href*="/registry/households/1411241"]').first.get_attribute("href"))
        page.goto(site + re.sub(r"/(\d{4}/)?$", "/2014/", card.split("?")[0]))
        page.wait_for_load_state("networkidle")
        keep(page, "household")
        printed(page, "print_household_card")
        page.goto(f"{site}/registry/households/new/")
        page.locator("#id_village_code_typed").fill("bwc")
        page.locator("division-field [role=option]").first.wait_for()
        keep(page, "household_new")
        village = village_of(card)
        page.goto(f"{site}/registry/villages/{village}/2014/")
        keep(page, "village_table")
        page.goto(f"{site}/registry/villages/{village}/2014/grid/")
        keep(page, "village_grid")
        page.goto(f"{site}/registry/labourers/?division={village}")
        labourer = page.locator('a[href*="/registry/labourers/1411241"]').first
        page.goto(site + str(labourer.get_attribute("href")))
        keep(page, "labourer_card")
        browser.close()


def desk(browser: Browser, site: str) -> Page:
    """Return a window of the size of an office screen."""
    page = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN").new_page()
    page.goto(f"{site}/sign-in/")
    return page


def sign_in(page: Page, site: str, username: str) -> None:
    """Sign in as an account of the demonstration."""
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/")


def village_of(card: str) -> str:
    """Return the code of the village in whose register a card's address lies."""
    found = re.search(r"/(\d{12})\d{4}/", card)
    if found is None:
        raise SystemExit(f"no household number in {card}")
    return found[1]


def keep(page: Page, name: str) -> None:
    """Write what the window shows."""
    page.wait_for_load_state("networkidle")
    page.mouse.move(1360, 760)
    write(name, page.screenshot(animations="disabled", caret="hide"))


def printed(page: Page, name: str) -> None:
    """Write the first page of the card's print."""
    link = page.get_by_role("link", name="打印户卡").get_attribute("href")
    answer = page.request.get(page.url.split("/registry/")[0] + str(link))
    with tempfile.TemporaryDirectory() as folder:
        pdf = Path(folder) / "card.pdf"
        pdf.write_bytes(answer.body())
        command = [
            "pdftoppm",
            "-png",
            "-r",
            "100",
            "-f",
            "1",
            "-l",
            "1",
            "-singlefile",
            str(pdf),
            str(pdf.with_suffix("")),
        ]
        subprocess.run(command, check=True)
        write(name, pdf.with_suffix(".png").read_bytes())


def write(name: str, png: bytes) -> None:
    """Write an image; one that is too heavy for a repository is refused."""
    small = packed(png)
    (HERE / f"{name}.png").write_bytes(small)
    print(f"{name}.png {len(small):,} bytes", flush=True)  # noqa: T201
    if len(small) > MOST_BYTES:
        raise SystemExit(f"{name}.png is heavier than {MOST_BYTES:,} bytes")


def packed(png: bytes) -> bytes:
    """Return an image with a palette of its 256 commonest colours: flat surfaces and text need no more."""
    width, height, pixels = opened(png)
    counts = Counter(pixels)
    palette = [colour for colour, _ in counts.most_common(256)]
    place = {colour: at for at, colour in enumerate(palette)}
    for colour in counts.keys() - place.keys():
        place[colour] = min(range(len(palette)), key=lambda at: distance(palette[at], colour))
    rows = (bytes(place[pixel] for pixel in pixels[y * width : (y + 1) * width]) for y in range(height))
    return png[:8] + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in (
            (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            (b"PLTE", b"".join(palette)),
            (b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows), 9)),
            (b"IEND", b""),
        )
    )


def distance(one: bytes, other: bytes) -> int:
    """Return how far two colours are apart."""
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def opened(png: bytes) -> tuple[int, int, list[bytes]]:
    """Return width, height and the colours of an image of 8 bits a channel, its transparency left out (PNG, ISO/IEC 15948)."""
    width, height, _depth, kind = struct.unpack(">IIBB", png[16:26])
    channels = {0: 1, 2: 3, 6: 4}[kind]
    data, at = b"", 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            data += png[at + 8 : at + 8 + length]
        at += 12 + length
    raw, before, pixels = zlib.decompress(data), bytearray(width * channels), []
    for y in range(height):
        start = y * (width * channels + 1)
        row = bytearray(raw[start + 1 : start + 1 + width * channels])
        unfilter(raw[start], row, before, channels)
        pixels += [
            bytes(row[x : x + 3] if channels > 1 else row[x : x + 1] * 3)
            for x in range(0, len(row), channels)
        ]
        before = row
    return width, height, pixels


def unfilter(kind: int, row: bytearray, before: bytearray, step: int) -> None:
    """Turn a row of differences back into colours."""
    for x in range(len(row)):
        left = row[x - step] if x >= step else 0
        up, corner = before[x], before[x - step] if x >= step else 0
        if kind == 1:
            row[x] = (row[x] + left) & 255
        elif kind == 2:
            row[x] = (row[x] + up) & 255
        elif kind == 3:
            row[x] = (row[x] + (left + up) // 2) & 255
        elif kind == 4:
            guess = left + up - corner
            nearest = min(
                (abs(guess - left), 0, left), (abs(guess - up), 1, up), (abs(guess - corner), 2, corner)
            )
            row[x] = (row[x] + nearest[2]) & 255


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://127.0.0.1:8000")
