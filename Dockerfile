# One image for web, worker, beat and the commands at the console; docker-compose.yml says which is which.
FROM python:3.11-slim-bookworm AS build
RUN pip install --no-cache-dir uv
COPY requirements-production.lock /build/
RUN uv venv /opt/venv && \
    uv pip install --no-cache --require-hashes --python /opt/venv/bin/python -r /build/requirements-production.lock

FROM python:3.11-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    LANG=C.UTF-8 \
    DEMO=0 \
    FUPIN_HOME=/var/lib/fupin
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin fupin && \
    install -d -m 0700 -o fupin -g fupin /var/lib/fupin
COPY --from=build /opt/venv /opt/venv
WORKDIR /app
COPY manage.py pyproject.toml requirements.lock ./
COPY fupin ./fupin
COPY registry ./registry
COPY projects ./projects
COPY funds ./funds
COPY assessment ./assessment
COPY templates ./templates
COPY static ./static
USER fupin
VOLUME /var/lib/fupin
EXPOSE 8000
CMD ["gunicorn", "-c", "python:fupin.servers.gunicorn", "fupin.wsgi"]
