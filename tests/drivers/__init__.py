"""Firefox and WebKit, moved by the commands of the WebDriver standard, without a driver package."""

from tests.drivers.firefox import firefox
from tests.drivers.webkit import webkit

BROWSERS = {"firefox": firefox, "webkit": webkit}
