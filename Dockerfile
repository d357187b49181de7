FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY manage.py ./
COPY portal portal
COPY apps apps
COPY sandbox sandbox
COPY templates templates
COPY static static
COPY locale locale
RUN SECRET_KEY=build FIELD_KEYS=build VAR_DIR=/tmp python manage.py collectstatic --noinput --verbosity 0 \
 && useradd --system --home /app portal
USER portal
