"""The looks of what stands around a lab on the server's pages."""

from pathlib import Path

FRAME = Path(__file__).with_name("frame.css")
# More of them where the page is a frame in somebody else's.
EMBEDDED = Path(__file__).with_name("embedded.css")
