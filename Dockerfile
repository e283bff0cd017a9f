# The lab in a container: the README's two commands, as a user without rights.

# What lets the model run in the visitor's browser.  This image has Python too, of Debian.
FROM node:22-bookworm AS live
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund
COPY swa_viz ./swa_viz
RUN python3 -m swa_viz.browser_model.files

FROM python:3.12-slim-bookworm

# Without an index of its own, pip takes torch as the default index has it, for Linux with CUDA.
# The README says how to name PyTorch's index of processor-only builds, which are far smaller.
ARG PIP_EXTRA_INDEX_URL=""

ENV PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    NUMBA_CACHE_DIR=/tmp/numba

RUN useradd --create-home --uid 1000 lab
WORKDIR /home/lab/swa-viz

COPY requirements.txt ./
RUN pip install -r requirements.txt

COPY . ./
COPY --from=live /build/swa_viz/web/static/live ./swa_viz/web/static/live
USER 1000
RUN python -m swa_viz.models fetch smollm2-135m

EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8501/healthz', timeout=4)"]

CMD ["streamlit", "run", "asgi.py", "--server.headless=true", "--server.address=0.0.0.0", "--server.port=8501"]
