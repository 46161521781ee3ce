# Commands of the repository. Each line can be typed as it is.
target := $(or $(CARGO_TARGET_DIR),target)

.PHONY: help setup run client web test test-rust test-web seeds check pictures picture sqlx bench

help: ## print this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

setup: ## install what is missing: servers, and the external validators of the tests
	.ci/setup

run: ## start a demo school with a year of life: http://localhost:3000; Ctrl-C ends it; ARGS=--empty leaves it empty
	.ci/setup servers
	$(MAKE) client
	cargo build --workspace --bins
	exec setpriv --pdeathsig TERM -- .ci/up $(ARGS)

client: ## build the web client into web/dist, which the app serves
	.ci/setup node
	.ci/node npm run --silent build

web: ## start the web client with reload, http://localhost:5173, against an app that `make run` started
	.ci/setup node
	.ci/node npm run dev

test: ## run all tests on private servers; tests that involve NATS also on the newest nats-server
	.ci/setup
	$(MAKE) client
	cargo build --workspace --all-targets
	.ci/test

test-rust: ## run all tests but those of the web client
	.ci/setup
	cargo build --workspace --all-targets
	.ci/test rust

test-web: ## run the tests of the web client alone: units, weight, journeys in Chromium
	.ci/setup servers
	$(MAKE) client
	cargo build --workspace --bins
	.ci/web

seeds: ## run the set test of faults with SEEDS rows of them (100); about half a minute each
	cargo build --workspace --all-targets
	KAFEDRA_SEEDS=$(or $(SEEDS),100) $(target)/debug/kafedra exec --throwaway -- cargo nextest run --workspace --profile seeds

check: ## check format, lints, licences and generated files (all but the tests)
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	cargo build --workspace --bins
	$(target)/debug/kafedra exec --throwaway -- .ci/sqlx --check
	$(target)/debug/kafedra openapi | diff api/openapi.json -
	$(target)/debug/kafedra openapi --live | diff api/asyncapi.json -
	.ci/setup node
	.ci/node npm run --silent check
	if cargo deny --version >/dev/null 2>&1; then cargo deny check bans licenses sources; fi

pictures: ## take the pictures of README.md in the demo school that `make run` started: web/pictures/
	.ci/node npm run --silent pictures

picture: ## draw a video lesson of three people in headless Chromium: target/lesson.png
	.ci/setup
	KAFEDRA_SCREENSHOTS=$(abspath $(target)) cargo test --workspace --test browser_network the_lesson_page_shows_three

sqlx: ## regenerate .sqlx after a change of a query or a migration
	$(target)/debug/kafedra exec --throwaway -- .ci/sqlx

bench: ## print all figures, each with its peer, from an optimised build
	cargo build --release --workspace --bins
	cargo build --release --package signaling --example bench_video
	$(target)/release/kafedra bench all
