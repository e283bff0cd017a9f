# make run     open the lab in the browser
# make test    all tests, with a real browser
# make check   style, formatting, who may import whom, JavaScript's types
# make static  the lab as plain files in build/site, for any file host
# make bench   our kernels against everyone else's, into build/bench
# make models  fetch SmolLM2-135M (93 MB, Apache-2.0), for whoever wants more than tiny-swa
# make experiments  every stored measurement again, as far as it is missing; it goes on where it was
# make dev, make format, make docker, make train, make family, make onnx: below

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
LIVE   := swa_viz/web/static/live/manifest.json

BROWSERS := chromium-headless-shell chromium chromium-browser google-chrome
CHROMIUM := $(strip $(foreach name,$(BROWSERS),$(shell command -v $(name))))
OTHERS   := firefox-esr WebKitWebDriver Xvfb
AS_ROOT  := $(if $(filter 0,$(shell id -u)),,sudo -n)
export SWA_NO_BROWSER

.PHONY: run dev static models onnx test check format docker train family experiments bench clean browser npm live
.DELETE_ON_ERROR:

run: $(VENV)/installed $(VENV)/warm live
	$(BIN)/streamlit run asgi.py

# The same for those who change the code: it watches the files.
dev: $(VENV)/installed $(VENV)/warm live
	$(BIN)/streamlit run app.py --server.fileWatcherType=auto

test: $(VENV)/installed-test $(VENV)/warm browser npm
	@$(MAKE) --silent $(LIVE)
	@$(BIN)/python -m swa_viz.models fetch smollm2-135m || echo "Its tests are left out."
	@$(BIN)/python -m tests

check: $(VENV)/installed-test npm node_modules/.checkers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	npx --no-install prettier --check --log-level warn "*.js*" "swa_viz/**/*.[jt]s"
	npx --no-install eslint .
	npx --no-install tsc
	$(BIN)/python -m pytest --quiet tests/test_javascript_floors.py
	$(BIN)/hadolint Dockerfile

format: $(VENV)/installed-test npm node_modules/.checkers
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	npx --no-install prettier --write --log-level warn "*.js*" "swa_viz/**/*.[jt]s"

# The lab without a server, and each page in one file of its own: with the model, and light.
static: $(VENV)/installed live
	rm -rf build/site build/files
	$(BIN)/python -m swa_viz.export site --out build/site
	$(BIN)/python -m swa_viz.export all --out build/files

models: $(VENV)/installed
	$(BIN)/python -m swa_viz.models fetch smollm2-135m

docker:
	docker build --tag swa-viz .

# From free texts to the bundled weights: hours, and it goes on where it was interrupted.
train: build/tokenizer.json
	$(BIN)/python -m training.train --texts build/texts --tokenizer build/tokenizer.json --out build/run
	$(BIN)/python -m training.export --run build/run --tokenizer build/tokenizer.json --texts build/texts
	$(MAKE) onnx

# The window family, two members at a time: hours too.
family: build/texts/wordnet.json
	$(BIN)/python -m training.recipes | xargs -P 2 -I NAME $(BIN)/python -m training.train \
	  --recipe NAME --texts build/texts --out build/family/NAME --threads 1 \
	  --tokenizer swa_viz/models/weights/tiny-swa/tokenizer.json
	$(BIN)/python -m training.family --runs build/family
	$(MAKE) onnx

# What the lab shows as measured, and the small models trained for it: --list says what there is.
# EXPERIMENTS="--anew fixes": forget what is stored of that one and measure it again.
experiments: $(VENV)/installed
	$(BIN)/python -m training.experiments --jobs 2 $(EXPERIMENTS)

# The models that come with the lab as graphs for the browser, and their errors into their cards.
onnx: $(VENV)/installed-onnx
	$(BIN)/python -m training.browser_export
	$(BIN)/python -m training.fix_graphs

# Ours against other projects' attention.  Who cannot be installed beside our own versions is
# reported as absent.  llama.cpp is compiled here, without its programs.  BENCH=--quick: a first look.
bench: export CMAKE_ARGS = -DLLAMA_BUILD_TOOLS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAVA_BUILD=OFF
bench: $(VENV)/installed
	@for peer in benchmarks/requirements/*.txt; do \
	  $(BIN)/python -m pip install --quiet --constraint requirements.txt --requirement $$peer || \
	  echo "$$peer could not be installed: it will be reported as absent."; done
	$(BIN)/python -m benchmarks.kernels $(BENCH)

build/texts/wordnet.json: $(VENV)/installed
	$(BIN)/python -m training.texts --out build/texts

build/tokenizer.json: build/texts/wordnet.json
	$(BIN)/python -m training.tokenizer --texts build/texts --out build/tokenizer.json

clean:
	rm -rf $(VENV) node_modules $(dir $(LIVE)) .pytest_cache .ruff_cache .import_linter_cache

# The files below only mark what is done, so that the second run starts at once.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "swa_viz needs Python 3.11 or newer, but '$(PYTHON)' is missing or older."; \
	  echo "Name another one:  make run PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { \
	  echo "Python's venv module is missing; on Debian: apt-get install python3-venv"; exit 1; }

$(VENV)/installed: requirements.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --requirement requirements.txt
	@touch $@

$(VENV)/installed-onnx: requirements-onnx.txt $(VENV)/installed
	$(BIN)/python -m pip install --quiet --requirement requirements-onnx.txt
	@touch $@

$(VENV)/installed-test: requirements-test.txt $(VENV)/installed
	$(BIN)/python -m pip install --quiet --requirement requirements-test.txt
	@touch $@

# The kernels' machine code is made before the first visitor comes, and lies on disk.
$(VENV)/warm: $(wildcard swa_viz/kernels/*.py) $(VENV)/installed
	@$(BIN)/python -c 'from swa_viz.kernels.band_numba import warm_up; warm_up()'
	@touch $@

# What lets the model run in the visitor's browser.  The lab does without it, only less lively.
live: $(VENV)/installed
	@{ command -v npm >/dev/null && $(MAKE) --silent $(LIVE); } || \
	  echo "npm is missing or could not fetch its packages, so the model will run on the server."

node_modules/.package-lock.json: package.json package-lock.json .npmrc
	npm ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# What checks and formats our JavaScript needs more of npm than the lab itself.
node_modules/.checkers: package.json package-lock.json .npmrc
	npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch node_modules/.package-lock.json $@

$(LIVE): node_modules/.package-lock.json swa_viz/browser_model/files.py $(shell find swa_viz -name '*.js') \
    $(wildcard $(addprefix swa_viz/models/weights/*/,*.safetensors *.onnx tokenizer.json))
	$(BIN)/python -m swa_viz.browser_model.files

# The tests need npm: one that is there, or Debian's where we may install it.
npm:
	@command -v npm >/dev/null || { $(AS_ROOT) apt-get update -q && \
	  $(AS_ROOT) apt-get install -qy --no-install-recommends npm; } || { \
	  echo "There is no npm here, and it could not be installed: the tests need it."; \
	  echo "As root: apt-get install npm"; exit 1; }

# The browsers of the browser tests: those that are there, or Debian's where we may install them.
browser:
ifeq ($(CHROMIUM)$(SWA_NO_BROWSER),)
	@{ $(AS_ROOT) apt-get update -q && \
	   { $(AS_ROOT) apt-get install -qy --no-install-recommends chromium-headless-shell || \
	     $(AS_ROOT) apt-get install -qy --no-install-recommends chromium; }; } || { \
	  echo "There is no Chromium here, and it could not be installed: the browser tests will fail."; \
	  echo "As root: apt-get install chromium.  To leave these tests out: make test SWA_NO_BROWSER=1"; }
endif
ifeq ($(SWA_NO_BROWSER),)
	@for program in $(OTHERS); do command -v $$program >/dev/null || missing=1; done; \
	[ -z "$$missing" ] || { $(AS_ROOT) apt-get update -qq && \
	  $(AS_ROOT) apt-get install -qqy --no-install-recommends \
	    firefox-esr webkit2gtk-driver xvfb >/dev/null; } || \
	  echo "Firefox or WebKit could not be installed here: their few tests will be left out."
endif
