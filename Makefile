# What a newcomer runs: `make run` and `make test`. The rest is for working on it.
#
# Each target first installs what the machine lacks (setup/install); that is a no-op the second time.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run test check watch bench model faults mutations security fmt build demo-database

ENV := setup/env
TARGET := $(if $(CARGO_TARGET_DIR),$(CARGO_TARGET_DIR),$(if $(CI),$(HOME)/.cache/quittance/target,target))
PASSWORD := correct horse battery

help: ## Shows this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: build demo-database ## Builds the release and starts the portal with demo data on http://127.0.0.1:3000
	@setup/demo-logins "$(PASSWORD)"
	@exec $(ENV) $(TARGET)/release/quittance serve

build: ## Builds the release: the program and the browser files
	@setup/build

demo-database:
	@$(ENV) $(TARGET)/release/quittance seed --if-empty --password "$(PASSWORD)"

test: ## Runs everything: style, rules, both databases, server, browser
	@setup/test all

check: ## The quick part: style, unit tests, tidy
	@setup/test quick

watch: ## Rebuilds and reloads while you edit
	@setup/install rust wasm
	@$(ENV) cargo leptos watch --split

bench: ## Measures lists, payments and exports beside bare SQL; writes docs/BENCHMARKS.md
	@setup/install rust postgres
	@setup/bench

model: ## Plays 20,000 random sequences of money acts on SQLite and 2,000 on PostgreSQL
	@setup/install rust postgres
	@setup/model 20000
	@setup/postgres setup/model 2000

faults: ## Runs the fault tests with real processes at their full count; about an hour and a half
	@setup/install rust wasm postgres faults
	@setup/postgres setup/faults full

mutations: ## Takes out lock, key and sync, one at a time, and expects the fault tests to turn red
	@setup/install rust postgres faults
	@setup/mutations

security: ## Attacks the portal with sqlmap and wapiti, on both databases; about twenty minutes
	@setup/security

fmt: ## Formats the code
	@setup/install rust
	@$(ENV) cargo fmt --all
