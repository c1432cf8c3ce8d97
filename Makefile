# 精准扶贫建档立卡网络管理系统 · make run 启动,make test 测试
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
  $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
SCALE  ?= small
DEMO   ?= 1

.PHONY: run test check bench backup restore lock hooks

run: $(STAMP)
	@exec env DEMO=$(DEMO) $(BIN)/python manage.py up

test: $(STAMP)
	@.ci/browser
	@$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile $(ARGS)

check: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint templates --check --lint --quiet
	$(BIN)/python manage.py makemigrations --check --dry-run
	DEMO=0 FUPIN_TLS=1 FUPIN_HOSTS=fupin.example $(BIN)/python manage.py check --deploy --fail-level WARNING

bench: $(STAMP)
	@$(BIN)/python -m benchmarks --scale $(SCALE)

backup: $(STAMP)
	@$(BIN)/python manage.py backup

restore: $(STAMP)
	@test -n "$(FROM)" || { echo "用法 / usage: make restore FROM=var/backups/…" >&2; exit 2; }
	@$(BIN)/python manage.py restore "$(FROM)"

# Names no host and is as strict as a lock can be: every wheel by its hash.
lock: $(STAMP)
	$(BIN)/uv pip compile -q --generate-hashes --no-header --no-annotate pyproject.toml --group dev -o requirements.lock
	$(BIN)/uv pip compile -q --generate-hashes --no-header --no-annotate pyproject.toml --group embedded \
	  -c requirements.lock -o requirements-production.lock

hooks: $(STAMP)
	$(BIN)/pre-commit install

# Installed once, and again when the lock changes; without a network nothing is asked of it after that.
$(STAMP): requirements.lock
	@test -n "$(PYTHON)" || { echo "需要 Python 3.11 或更新版本 / Python 3.11 or newer is needed" >&2; exit 1; }
	@echo "正在安装依赖 / installing the environment (once)" >&2
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
	  { echo "无法建立虚拟环境,Debian 请先 apt install python3-venv / cannot make the virtual environment" >&2; exit 1; }
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip sync --quiet --require-hashes --python $(BIN)/python requirements.lock
	@touch $@
