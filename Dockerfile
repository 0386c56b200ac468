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
ENV DESK_HOME=/data
VOLUME /data
ENTRYPOINT ["desk"]
CMD ["chat"]
