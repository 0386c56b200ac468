FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app

# The pinned packages change less often than the code: they get a layer of their own.
COPY requirements.lock ./
RUN pip install --require-hashes -r requirements.lock

COPY pyproject.toml README.md LICENSE ./
COPY bot ./bot
COPY handlers ./handlers
COPY knowledge ./knowledge
RUN pip install --no-deps --no-build-isolation .

RUN useradd --create-home desk && mkdir /data && chown desk /data
USER desk
ENV DESK_HOME=/data DESK_HTTP_HOST=0.0.0.0
VOLUME /data
EXPOSE 8080
HEALTHCHECK CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/healthz')"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["desk"]
CMD ["serve"]
