# The image of `paperkeep serve --collect`: everything it keeps is under /data. See docs/self-hosting.md.
# the Node that npm ci brings needs glibc, which Alpine lacks; what is built runs on every platform
FROM --platform=$BUILDPLATFORM node:24-slim AS build
WORKDIR /src
COPY . .
RUN npm ci && npm run build

FROM node:24-alpine
RUN apk add --no-cache su-exec=~0.3
COPY --from=build /src/dist /opt/paperkeep
COPY --chmod=755 docs/self-hosting/docker-entrypoint.sh /usr/local/bin/paperkeep
ENV PAPERKEEP_DATA=/data
VOLUME /data
EXPOSE 8080
# 503 while the newest capture is older than three periods; the first run takes a minute or two
HEALTHCHECK --interval=5m --timeout=10s --start-period=5m \
  CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8080/-/health.json"]
ENTRYPOINT ["paperkeep"]
CMD ["serve", "--collect", "--host", "0.0.0.0"]
