# Every target sets up what it needs first; a second run finds it done.
SHELL := /bin/bash
.DEFAULT_GOAL := help

CLUSTER ?= local
PROFILE ?= standard
GATEWAY_CLASS ?= routeproof
GATEWAY_API_VERSION ?= v1.6.3
ARGS ?=
RUN := ./bin/routeproof
FLAGS = --cluster $(CLUSTER) --profile $(PROFILE) --gateway-class $(GATEWAY_CLASS) $(ARGS)
NODE = source tools/node.sh && PATH="$$(dirname "$$(routeproof_node)"):$$PATH"

PROFILES := kgateway-guide aws-vpc-lattice

.PHONY: help setup setup-run setup-test setup-unit conformance suite faults mutants profiles load matrix official test unit integration verify fix clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: ## bring what a run needs: Node.js, npm packages, the real binaries
	@tools/setup.sh conformance

# Of what runs on CLUSTER: where that is the local one, a machine that cannot host it is told before anything is compiled.
setup-run:
	@tools/setup.sh conformance $(CLUSTER)

setup-test:
	@tools/setup.sh test

setup-unit:
	@tools/setup.sh crds v1.6.3

conformance: setup-run ## start a cluster, install the bundled gateway, run every suite and a short benchmark, write reports
	@$(RUN) conformance $(FLAGS)

suite: setup-run ## one suite: make suite SUITE=header
	@test -n "$(SUITE)" || { echo "make suite SUITE=NAME (names: ls suites)" >&2; exit 2; }
	@$(RUN) conformance --suite "$(SUITE)" --no-load $(FLAGS)

faults: setup-run ## plant known mistakes into the bundled gateway, one by one, and see that the scenarios notice
	@$(RUN) faults --cluster $(CLUSTER) $(if $(filter --channel% --gateway-api-version% --keep,$(ARGS)),,--all) $(if $(DOCS),--write-docs) $(ARGS)

mutants: setup-run ## edit the bundled gateway in thousands of small ways, see which edits no scenario notices: ARGS="--file translate --sample 40"
	@$(RUN) mutants $(ARGS)

profiles: setup-run ## prove each profile: it passes on its dialect, fails on the standard gateway, and the other way round
	@code=0; \
	for profile in $(PROFILES); do $(RUN) conformance --no-load --profile $$profile --dialect $$profile $(ARGS) || code=$$?; done; \
	$(NODE) && npx mocha --no-config cli/conformance/profiles.integration.test.ts || code=$$?; \
	exit $$code

load: setup-run ## the latency benchmark, longer, with intervals; others: ARGS="--subject streams,rules"
	@$(RUN) load $(FLAGS)

matrix: setup-run ## every implementation of implementations/ and the bundled gateway side by side (compiles them the first time; long)
	@$(RUN) matrix $(ARGS)

official: setup-run ## the unmodified official conformance suite, compiled the first time (4 min): GATEWAY_API_VERSION=v1.6.3
	@$(RUN) official --cluster $(CLUSTER) --gateway-class $(GATEWAY_CLASS) --gateway-api-version $(GATEWAY_API_VERSION) $(ARGS)

test: setup-test ## all checks and tests of this repository; a part that fails does not hide the others
	@code=0; for part in verify unit integration; do $(MAKE) --no-print-directory $$part || code=$$?; done; exit $$code

unit: setup-unit ## tests that start neither a cluster nor another of the real binaries
	@$(NODE) npm run --silent test:unit

integration: setup-test ## tests that start them: clusters, Envoy, k6, a browser (long)
	@$(NODE) npm run --silent test:integration

verify: setup-test ## formatter, linter, types, import rules, dead code
	@$(NODE) npm run --silent verify

fix: setup-test ## what verify can mend by itself
	@$(NODE) npm run --silent fix

clean: ## remove reports and npm packages; the tool cache stays
	rm -rf reports/out node_modules
