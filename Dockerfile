# One file, two images: a host that serves (LOCK=serve, the default), and one for analysts and the
# MLflow server (LOCK=runtime). Each RUN step is one script of this tree, which
# tests/engines/test_containers.py runs outside a container.
FROM python:3.11-slim-bookworm AS built
ARG LOCK=serve
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY requirements/ requirements/
COPY risk/ risk/
COPY training/ training/
COPY api/ api/
RUN requirements/install.sh $LOCK /opt/refund-risk

FROM python:3.11-slim-bookworm
COPY requirements/packages.sh requirements/packages.sh
RUN requirements/packages.sh libgomp1
COPY --from=built /opt/refund-risk /opt/refund-risk
COPY --chown=10001:10001 data/README.md /srv/data/README.md
COPY --chown=10001:10001 data/README.md /srv/files/README.md
ENV PATH=/opt/refund-risk/bin:$PATH HOME=/srv PYTHONUNBUFFERED=1
WORKDIR /srv
USER 10001:10001
EXPOSE 8000
CMD ["refund-risk", "serve", "--host", "0.0.0.0", "--workers", "2"]
