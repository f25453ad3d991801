# Everything there is to do with whmcs_provisioning. `make demo` and `make test` need nothing prepared.

# Full paths: the build script of ext-php-rs takes PHP and PHP_CONFIG as files.
PHP        ?= $(shell command -v php8.2 || command -v php)
PHP_CONFIG ?= $(shell command -v php-config8.2 || command -v php-config)
PHPUNIT    ?= $(shell command -v phpunit)
export PHP PHP_CONFIG PHPS LIBRARIES SIGNING_KEY

RELEASE := target/release/libwhmcs_provisioning.so
DEBUG   := target/debug/libwhmcs_provisioning.so
RELEASE_FLAGS := $(shell . packaging/baseline.sh && echo "$$RELEASE_FLAGS")

# The release build, and for demo and tests the rest.
BUILD_PACKAGES := php8.2-cli php8.2-dev clang libclang-dev pkg-config gcc
TEST_PACKAGES  := php8.2-fpm php8.2-mysql php8.2-mbstring php8.2-xml php8.2-curl php-illuminate-database \
                  smarty4 phpunit mariadb-server galera-4 rsync libfcgi-bin openssl \
                  php-codesniffer shellcheck nginx libjs-bootstrap libjs-bootstrap4
# Where node brings its own npm, Debian's cannot be installed beside it.
BROWSER_PACKAGES = chromium pngquant \
                   $(if $(shell command -v node),,nodejs) $(if $(shell command -v npm),,npm)
FUZZ_PACKAGES := gcc g++ bsdextrautils
PACKAGE_PACKAGES := clang libclang-dev pkg-config gcc binutils python3-pip openssl git
DEMO_PACKAGES := php-illuminate-database smarty4 mariadb-server openssl

NODE_MODULES := tests/browser/node_modules/.package-lock.json

# Tools of the registry, built where they are missing.
TOOLS := target/tools/bin
INSTALL_TOOL = cargo install --locked --root target/tools

FUZZ_TARGETS = $(basename $(notdir $(wildcard fuzz/fuzz_targets/*.rs)))
SECONDS ?= 60
FUZZ_FLAGS ?= -max_total_time=$(SECONDS)

.PHONY: demo workbench test check test-one build setup sandbox test-build test-rust test-php test-browser test-browser-quick browser-setup test-matrix torture lint audit fuzz fuzz-setup bench measure screenshots package demo-library install uninstall check-install clean
.NOTPARALLEL:

## Sets up, builds, sells a license and a backup account: their whole lives, as WHMCS shows them.
## With JETPACK_API_TOKEN (and JETPACK_PRODUCT), or COMET_URL, COMET_USERNAME and COMET_PASSWORD set: at the real service.
demo: setup build sandbox
	@$(if $(JETPACK_API_TOKEN),JETPACK_API_URL=https://public-api.wordpress.com/wpcom/v2/jetpack-licensing REQUEST_TIMEOUT=30) \
	  tests/bin/with-servers tests/bin/php-with-extension $(RELEASE) tests/demo.php
	@$(if $(COMET_URL),REQUEST_TIMEOUT=60) \
	  tests/bin/with-servers tests/bin/php-with-extension $(RELEASE) tests/demo-comet.php

## A WHMCS to try the modules in, on loopback, until Ctrl-C: docs/workbench.md.
workbench: setup build sandbox
	@tests/bin/workbench $(RELEASE)

## Sets up, builds, runs all tests.
test: setup lint test-rust test-php test-browser-quick

## What to run before each commit: format, lints, Rust's unit tests, and the functions of both modules. It leaves out the suites
## admin, host, install, reliability and model, the group `slow` (what starts PHP or PHP-FPM of its own, waits for a limit, tries a dozen faults or
## inputs in a row, or is large) and `junk`.
check: setup lint test-rust test-build sandbox
	tests/bin/side-by-side $(DEBUG) cometbackup jetpack extension,compat -- $(PHPUNIT) --exclude-group slow,junk

## make test-one T=ChangePackage: every PHPUnit test whose class or name matches, with servers of its own.
test-one: setup test-build sandbox
	@$(if $(T),,$(error Which one? make test-one T=ChangePackage))
	tests/bin/with-servers tests/bin/one $(DEBUG) '$(T)' $(PHPUNIT)

## The extension, ready to install; without the stop points of the test build. As cdylib alone: with the rlib beside it
## cargo leaves link-time optimization out.
build:
	cargo rustc --release --locked --lib --crate-type cdylib -- $(RELEASE_FLAGS)
	@! grep -q STOP_POINT $(RELEASE) || { echo "$(RELEASE) holds stop points of the test build." >&2; exit 1; }

setup:
	@.ci/setup $(BUILD_PACKAGES) $(TEST_PACKAGES)

## The licensing API for demo and tests, without PHP.
sandbox:
	cargo build --locked --package licensing-sandbox

## The library that the tests load: it can also panic on purpose, and be stopped at each step (src/worker/failpoint.rs).
test-build:
	cargo build --locked --features test-build

## Rust, the rules of the house (tests/house/rules.rs), what documents name and quote (tests/check-documents.php), PHP (.phpcs.xml; `phpcbf` fixes most) and shell.
lint:
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets --no-default-features -- -D warnings
	cargo clippy --locked --features test-build -- -D warnings
	cargo test --quiet --locked --no-default-features --test house
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --document-private-items --features test-build
	$(PHP) tests/check-documents.php
	phpcs
	shellcheck -x install.sh tests/support/emulated-php .ci/* tests/bin/* $$(grep -l '^#!.*bash' packaging/*)

## Licenses, versions and sources of what the library is made of (deny.toml).
audit: $(TOOLS)/cargo-deny
	$< --locked check licenses bans sources

## make fuzz SECONDS=60: each reader of bytes from outside (fuzz/), so long, or one with T=jobs; then a table. FUZZ_FLAGS=-runs=1000000: so often.
fuzz: fuzz-setup $(TOOLS)/cargo-fuzz
	tests/bin/fuzz $(TOOLS)/cargo-fuzz '$(FUZZ_FLAGS)' $(or $(T),$(FUZZ_TARGETS))

fuzz-setup:
	@.ci/setup $(FUZZ_PACKAGES)

$(TOOLS)/cargo-deny:
	$(INSTALL_TOOL) --version 0.20.2 cargo-deny

$(TOOLS)/cargo-fuzz:
	$(INSTALL_TOOL) --version 0.13.2 cargo-fuzz

## Everything but the PHP boundary, built and tested without PHP.
test-rust:
	cargo test --locked --no-default-features --lib

test-php: test-build sandbox
	tests/bin/side-by-side $(DEBUG) reliability-cometbackup,reliability-jetpack jetpack,extension,compat,model host,admin,cometbackup,install -- $(PHPUNIT)

## The pages in Debian's chromium, on a workbench of their own, as customers, staff and strangers use them; T=names: one file of tests/browser,
## TEST_NAME=…: the tests in it whose name matches.
test-browser: setup test-build sandbox browser-setup $(NODE_MODULES)
	tests/bin/browser $(DEBUG) $(or $(T),all)

## The part of test-browser that takes less than a minute.
test-browser-quick: test-build sandbox browser-setup $(NODE_MODULES)
	tests/bin/browser $(DEBUG) quick

## The suites with other PHPs, databases and C libraries (tests/bin/matrix): make test-matrix ROWS="here debian:trixie:8.4"
test-matrix:
	tests/bin/matrix

## Breaks every function at every step, which takes about two hours; the figures are in target/reliability.
torture: setup test-build sandbox
	TORTURE=1 tests/bin/side-by-side $(DEBUG) reliability-cometbackup reliability-jetpack model -- $(PHPUNIT)

## One table of what the extension costs and saves, against a plain client and the bare round trips: docs/performance.md.
bench: build sandbox
	tests/bin/with-servers tests/bin/bench $(RELEASE)

## Size of the library, time at start, memory of an idle process, a connection's cost.
measure: build sandbox
	tests/bin/with-servers tests/bin/measure $(RELEASE)

browser-setup:
	@.ci/setup $(BROWSER_PACKAGES)

# Playwright and axe-core, anew where the lock file has changed. The browser is Debian's, so nothing is downloaded by a script.
$(NODE_MODULES): tests/browser/package-lock.json
	npm ci --prefix tests/browser --ignore-scripts --no-audit --no-fund
	@touch $@

## The pictures in docs/, from the real pages.
screenshots: test-build sandbox browser-setup $(NODE_MODULES)
	tests/bin/with-servers tests/bin/screenshots $(DEBUG)

## A release in target/package: a library for every PHP with headers (or PHPS="8.2=/usr/bin/php8.2:/usr/bin/php-config8.2 …", or
## those in LIBRARIES), for glibc 2.17 and newer, with modules, installer, licenses and checksums; signed with SIGNING_KEY.
## docs/packaging.md has more.
package:
	@.ci/setup $(PACKAGE_PACKAGES) $(if $(PHPS)$(LIBRARIES),,$(BUILD_PACKAGES))
	packaging/package

## Both demos with the library of `make package` (or of LIBRARIES) that fits PHP.
demo-library: sandbox
	@.ci/setup $(DEMO_PACKAGES)
	@set -e; library=$(or $(LIBRARIES),target/package/lib)/$$(packaging/php-abi $(PHP))/whmcs_provisioning.so; for demo in demo demo-comet; do \
	  tests/bin/with-servers tests/bin/php-with-extension "$$library" tests/$$demo.php; done

## make install WHMCS_ROOT=/var/www/whmcs: with LIBRARY=… or the package of `make package`; where there is neither and Rust is here, builds first.
INSTALL_SETTINGS = WHMCS_ROOT="$(WHMCS_ROOT)" $(if $(LIBRARY),LIBRARY="$(LIBRARY)")
BUILT := $(LIBRARY)$(wildcard target/package/lib)
# What is built here is for one PHP. Everything else goes into the PHPs that WHMCS uses, if none was named.
NO_PHP = env $(foreach name,PHP PHP_CONFIG,$(if $(filter file,$(origin $(name))),-u $(name)))
INSTALLER = $(if $(BUILT),$(NO_PHP) )./install.sh
install: $(if $(BUILT),,$(if $(shell command -v cargo),build))
	$(INSTALLER) install $(INSTALL_SETTINGS)

uninstall:
	$(INSTALLER) uninstall $(INSTALL_SETTINGS)

check-install:
	$(INSTALLER) check $(INSTALL_SETTINGS)

clean:
	cargo clean
