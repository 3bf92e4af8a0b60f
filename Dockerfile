# One image for web, worker, relay, beat and migrations; the command says which.
ARG BASE=python:3.12-slim-bookworm

# The planner's kernel, built ahead by mypyc for the same Python: the compiler stays in this stage.
FROM ${BASE} AS kernel
RUN apt-get update && apt-get install --yes --no-install-recommends gcc libc6-dev make && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY requirements.txt Makefile ./
COPY config config
RUN python -m venv .venv && .venv/bin/python -m pip install --no-cache-dir --no-deps --require-hashes \
    -r requirements.txt -r config/kernel-build.txt
COPY inspect inspect
# "-o setup": the packages are there, and nothing of the house itself is installed here.
RUN make -o setup kernel && mkdir /built && cd inspect && find . -name '*.so' -exec cp --parents {} /built \;

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
COPY --from=kernel /built /built
# The built modules lie beside the sources that they were made of. Only the worker imports them; "samsyn doctor" says
# which path runs.
RUN python -m pip install --no-deps --no-build-isolation . && python -m compileall -q /app \
    && cp -r /built/. "$(python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')" \
    && useradd --system --home-dir /var/lib/samsyn --create-home samsyn

USER samsyn
ENV SAMSYN_DATA_DIR=/var/lib/samsyn
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--no-ws", "--factory", "samsyn.web.wsgi:serve"]
