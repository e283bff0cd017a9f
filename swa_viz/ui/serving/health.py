"""Is the lab ready for visitors?"""

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from streamlit.runtime import get_instance


async def health(request: Request) -> PlainTextResponse:
    """`ok`, or 503 and the reason."""
    ready, reason = await get_instance().is_ready_for_browser_connection
    return PlainTextResponse(reason, status_code=200 if ready else 503)
