lock:
	uv pip compile -q --universal --generate-hashes --no-annotate --no-header --python-version 3.11 --group build pyproject.toml -o requirements.txt
	uv pip compile -q --universal --generate-hashes --no-annotate --no-header --python-version 3.11 --group build --group dev pyproject.toml -o requirements-dev.txt
