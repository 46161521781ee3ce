# Everything that one does here. Each line can be typed as it stands.
target := $(or $(CARGO_TARGET_DIR),target)

.PHONY: help setup run test check sqlx bench

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

setup: ## get what is missing: servers, and the foreign judges of the tests
	.ci/setup

run: ## start a school to look at: http://localhost:3000; Ctrl-C ends it
	.ci/setup servers
	cargo build --workspace --bins
	exec setpriv --pdeathsig TERM -- .ci/up

test: ## everything that is promised, on private servers; what NATS has a part in, on the newest one too
	.ci/setup
	cargo build --workspace --all-targets
	.ci/test

check: ## form, lints, licences, freshness of .sqlx (all but the tests)
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	cargo build --workspace --bins
	$(target)/debug/kafedra exec --throwaway -- .ci/sqlx --check
	if cargo deny --version >/dev/null 2>&1; then cargo deny check bans licenses sources; fi

sqlx: ## write .sqlx again, after a change of a query or a migration
	$(target)/debug/kafedra exec --throwaway -- .ci/sqlx

bench: ## the figures of the README, each with its peer, from an optimised build
	cargo build --release --workspace --bins
	$(target)/release/kafedra bench all
