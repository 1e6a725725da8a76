# Image of what gives Services addresses on clusters of kind and k3s (clusters/node-container/load-balancer), from the root of a checkout:
#   docker build -f deploy/images/load-balancer.Dockerfile -t docker.io/routeproof/load-balancer:0.1.0 .
# Both bases are arguments, pinned by digest; README.md beside this says how to do without a registry.
ARG BUILD_IMAGE=docker.io/library/node:24.17.0-bookworm-slim@sha256:862263c612aa437e3037674b85419622a9d93bff80aa1eee5398dfe686375532
ARG RUNTIME_IMAGE=gcr.io/distroless/nodejs24-debian12:nonroot@sha256:14d42e2511532589a7c7e01a753667a74fcc96266e137e8125006b87b0c32d0a

FROM ${BUILD_IMAGE} AS packages
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts
COPY . .
RUN node tools/image-tree.ts load-balancer /tree

FROM scratch AS tree
COPY --from=packages /tree /

FROM ${RUNTIME_IMAGE}
WORKDIR /app
COPY --from=tree / ./
USER 65532:65532
ENV NODE_ENV=production
ENTRYPOINT ["/nodejs/bin/node", "clusters/node-container/load-balancer/main.ts"]
