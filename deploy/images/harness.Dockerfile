# Image of routeproof itself, for clusters that exist: `routeproof conformance --cluster kubeconfig --in-cluster` runs it there. From
# the root of a checkout:
#   docker build -f deploy/images/harness.Dockerfile -t docker.io/routeproof/harness:0.1.0 .
# Both bases are arguments, pinned by digest; README.md beside this says how to do without a registry.
ARG BUILD_IMAGE=docker.io/library/node:24.17.0-bookworm-slim@sha256:862263c612aa437e3037674b85419622a9d93bff80aa1eee5398dfe686375532
ARG RUNTIME_IMAGE=gcr.io/distroless/nodejs24-debian12:nonroot@sha256:14d42e2511532589a7c7e01a753667a74fcc96266e137e8125006b87b0c32d0a

FROM ${BUILD_IMAGE} AS packages
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
# Compiled, as the npm package is; what compiles it goes.
RUN node tools/pack.ts && npm prune --omit=dev --ignore-scripts

FROM scratch AS tree
COPY --from=packages /build/package.json /
COPY --from=packages /build/node_modules /node_modules
COPY --from=packages /build/dist /dist

FROM ${RUNTIME_IMAGE}
WORKDIR /app
COPY --from=tree / ./
USER 65532:65532
ENV NODE_ENV=production
ENTRYPOINT ["/nodejs/bin/node", "dist/cli/main.js"]
