# One image for web, worker, relay, beat and migrations; the command says which.
ARG BASE=python:3.12-slim-bookworm
FROM ${BASE}

ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1
WORKDIR /app

# The lock first: it changes less often than the code.
COPY requirements-run.txt ./
RUN python -m pip install --no-deps --require-hashes -r requirements-run.txt

COPY pyproject.toml README.md ./
COPY inspect inspect
COPY workers workers
COPY migrations migrations
COPY config config
RUN python -m pip install --no-deps --no-build-isolation . && python -m compileall -q /app \
    && useradd --system --home-dir /var/lib/samsyn --create-home samsyn

USER samsyn
ENV SAMSYN_DATA_DIR=/var/lib/samsyn
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--no-ws", "--factory", "samsyn.web.wsgi:serve"]
