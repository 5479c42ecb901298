# syntax=docker/dockerfile:1
# newsmill in a container: mount a project folder at /project. Build: docker build -t newsmill .
#   docker run --rm -v "$PWD:/project" newsmill                  # newsmill run
#   docker run --rm -v "$PWD:/project" newsmill newsmill status
FROM python:3.13-slim AS build
WORKDIR /src
COPY requirements.lock ./
RUN python -m venv /opt/newsmill \
    && /opt/newsmill/bin/pip install --no-cache-dir --no-deps -r requirements.lock
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY pipeline ./pipeline
RUN /opt/newsmill/bin/pip install --no-cache-dir --no-deps .

FROM python:3.13-slim
LABEL org.opencontainers.image.title="newsmill" \
      org.opencontainers.image.licenses="Apache-2.0"
# A fixed uid, so that a mounted folder can be given to it; --user overrides it.
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin newsmill
COPY --from=build /opt/newsmill /opt/newsmill
ENV PATH=/opt/newsmill/bin:$PATH PYTHONUNBUFFERED=1
WORKDIR /project
USER 10001
CMD ["newsmill", "run"]
