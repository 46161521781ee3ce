# Commands of the repository. Each line can be typed as it is.
target := $(or $(CARGO_TARGET_DIR),target)

.PHONY: help setup run test check sqlx bench

help: ## print this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

setup: ## install what is missing: servers, and the external validators of the tests
	.ci/setup

run: ## start a demo installation: http://localhost:3000; Ctrl-C ends it
	.ci/setup servers
	cargo build --workspace --bins
	exec setpriv --pdeathsig TERM -- .ci/up

test: ## run all tests on private servers; tests that involve NATS also on the newest nats-server
	.ci/setup
	cargo build --workspace --all-targets
	.ci/test

check: ## check format, lints, licences and generated files (all but the tests)
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	cargo build --workspace --bins
	$(target)/debug/kafedra exec --throwaway -- .ci/sqlx --check
	$(target)/debug/kafedra openapi | diff api/openapi.json -
	if cargo deny --version >/dev/null 2>&1; then cargo deny check bans licenses sources; fi

sqlx: ## regenerate .sqlx after a change of a query or a migration
	$(target)/debug/kafedra exec --throwaway -- .ci/sqlx

bench: ## print all figures, each with its peer, from an optimised build
	cargo build --release --workspace --bins
	$(target)/release/kafedra bench all
