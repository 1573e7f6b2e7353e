# The same commands run on a laptop and in CI. Nothing here names an address: packages come from where pip and npm are
# set to look.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
PYTHON := $(BIN)/python
SOP := $(BIN)/sop
# The browser that browser tests drive; the tests read the same variable.
export SOP_CHROMIUM ?= /usr/bin/chromium
# Two processes suit a laptop of two cores; more may be asked for: make test WORKERS=8
WORKERS ?= 2
# More words for pytest: make test TESTS="-k deadlines"
TESTS ?=

CSS := webui/static/fetched/govuk-frontend.css
FONT := sop_engine/records/fonts/NotoSans-Regular.ttf

.PHONY: help install demo test check prove bench screenshots coverage-doc lock clean

help: ## List what can be asked of make
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

install: .venv/.stamps/project $(CSS) $(FONT) ## Prepare everything: packages, page assets, fonts (again: nothing to do)
	@ls $(SOP)

demo: install ## Start a demonstration with invented people
	@$(SOP) demo

test: install ## Run every test; browser tests too where Chromium is found
	@if [ -x "$$SOP_CHROMIUM" ]; then \
	    $(BIN)/pytest -n $(WORKERS) --dist loadfile $(TESTS); \
	elif [ "$${CI:-}" = true ]; then \
	    echo "No browser at $$SOP_CHROMIUM. In CI the browser tests may not be left out: install Chromium" \
	        "(Debian: apt-get install chromium)." >&2; exit 1; \
	else \
	    echo "No browser at $$SOP_CHROMIUM: the browser tests are left out. To run them, install Chromium" \
	        "(Debian: apt-get install chromium) or set SOP_CHROMIUM to where it is."; \
	    $(BIN)/pytest -n $(WORKERS) --dist loadfile -m "not browser" $(TESTS); \
	fi

check: install ## Format, lint, types, import contracts, procedures, licences, known vulnerabilities
	@echo "== Format";                $(BIN)/ruff format --check
	@echo "== Lint";                  $(BIN)/ruff check
	@echo "== Types";                 $(BIN)/mypy
	@echo "== Import contracts";      $(BIN)/lint-imports
	@echo "== Procedures";            $(SOP) lint --all
	@echo "== Licences";              $(MAKE) --silent licences
	@echo "== Known vulnerabilities"; $(MAKE) --silent vulnerabilities

# The lesser licence (LGPL) binds only the library itself; the GPL and AGPL would bind the product.
.PHONY: licences
licences:
	@mkdir -p build
	@$(BIN)/pip-licenses --from=mixed --format=csv --ignore-packages sop-engine > build/licences.csv
	@if sed -E 's/LGPL[A-Za-z0-9.+-]*//g; s/GNU (Library or )?Lesser General Public License[^;"]*//g' build/licences.csv \
	    | grep -E 'GPL|General Public License'; then \
	    echo "The packages above are under the GPL or AGPL, which would bind the whole product: choose another." >&2; exit 1; \
	fi
	@echo "No package of $$(($$(wc -l < build/licences.csv) - 1)) is under the GPL or AGPL."

# Where the advisory service answers for none of our packages, a clean answer means nothing: say so and step aside.
.PHONY: vulnerabilities
vulnerabilities:
	@mkdir -p build; rm -f build/audit.json; code=0; \
	timeout 120 $(BIN)/pip-audit --disable-pip --require-hashes -r requirements.lock --progress-spinner=off \
	    --format json --output build/audit.json > build/audit.log 2>&1 < /dev/null || code=$$?; \
	found() { { grep -o "$$1" build/audit.json 2> /dev/null || true; } | wc -l; }; \
	asked=$$(found '"vulns"'); unknown=$$(found '"skip_reason"'); weak=$$(found '"fix_versions"'); \
	if [ "$$weak" -gt 0 ]; then \
	    $(BIN)/python -m json.tool build/audit.json | grep -E '"(name|version|id)"|GHSA|PYSEC|CVE' | head -200 >&2; \
	    echo "$$weak known vulnerabilities stand above (all of it: build/audit.json): raise the versions, then make lock." >&2; exit 1; \
	elif [ "$$asked" -eq 0 ]; then \
	    echo "Not looked up: no advisory service answered for any package (no network?). Run it again where there is one."; \
	elif [ "$$code" -ne 0 ]; then \
	    cat build/audit.log >&2; exit 1; \
	else \
	    echo "None in $$asked packages; $$unknown more are unknown to the advisory service."; \
	fi

prove: install ## Prove the safeguards of every set, and write reports and certificates
	@mkdir -p build
	@code=0; $(SOP) check --all --html build/proofs.html --sarif build/proofs.sarif --certify workflows/certificates \
	    --doc docs/properties.md > build/proofs.txt || code=$$?; grep -vE '^ *(PROVED|BY STRUCTURE|NOTE|assuming)' build/proofs.txt || true; \
	if [ "$$code" -eq 1 ]; then echo "A safeguard is violated: see above and build/proofs.html." >&2; exit 1; fi; \
	if [ "$$code" -ne 0 ]; then echo "Not everything is proved; what is not is named above, and is never shown as proved."; fi

bench: install ## Measure speed and size, and print the figures
	@$(BIN)/python -m tests.bench

screenshots: install ## Take a picture of every page
	@$(BIN)/python -m tests.instruments.screenshots

coverage-doc: install ## Write docs/coverage.md anew: which declaration carries which rule
	@$(SOP) coverage --out docs/coverage.md

lock: .venv/.stamps/packages ## Choose versions anew and write requirements.lock
	@$(BIN)/uv pip compile pyproject.toml --all-extras --upgrade --python-version 3.11 \
	    --python-platform x86_64-unknown-linux-gnu --generate-hashes --allow-unsafe \
	    --no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet --output-file requirements.lock
	@if grep -nE '://|^-|@ ' requirements.lock; then echo "An address stands in requirements.lock." >&2; exit 1; fi
	@echo "requirements.lock holds $$(grep -c == requirements.lock) packages."

clean: ## Remove what make and the tools have made
	rm -rf .venv build dist node_modules webui/static/fetched sop_engine/records/fonts sop_engine.egg-info
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- how the installation is made ------------------------------------------------------------------------------------

.venv/.stamps/python:
	@new_enough='import sys; sys.exit(sys.version_info < (3, 11))'; chosen=; \
	for candidate in python3.11 python3 python3.12 python3.13 python3.14; do \
	    if "$$candidate" -c "$$new_enough" > /dev/null 2>&1; then chosen=$$candidate; break; fi; \
	done; \
	if [ -z "$$chosen" ]; then \
	    echo "Python 3.11 or newer is needed and was not found: please install it (Debian: apt-get install python3 python3-venv)." >&2; exit 1; \
	fi; \
	if ! "$$chosen" -c 'import venv, ensurepip' > /dev/null 2>&1; then \
	    echo "$$chosen lacks its venv module: please install it (Debian: apt-get install python3-venv)." >&2; exit 1; \
	fi; \
	echo "Making .venv with $$("$$chosen" --version)."; \
	"$$chosen" -m venv .venv
	@mkdir -p $(@D); touch $@

.venv/.stamps/packages: requirements.lock | .venv/.stamps/python
	@echo "Installing $$(grep -c == requirements.lock) packages; the first time this takes a minute or two."
	@$(PYTHON) -m pip install --quiet --no-input --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	@touch $@

.venv/.stamps/project: pyproject.toml .venv/.stamps/packages
	@mkdir -p build
	@$(PYTHON) -m pip install --quiet --no-input --disable-pip-version-check --no-deps --no-build-isolation -e . 2> build/install.log || { cat build/install.log >&2; exit 1; }
	@touch $@

$(CSS): package.json package-lock.json webui/assets.py | .venv/.stamps/project
	@$(PYTHON) -m webui.assets
	@touch $@

$(FONT): sop_engine/records/fonts.py .venv/.stamps/packages | .venv/.stamps/project
	@$(PYTHON) -m sop_engine.records.fonts
	@touch $@
