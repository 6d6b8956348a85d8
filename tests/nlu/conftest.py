"""Engine side: run with the engine's own interpreter (`make test` does)."""

from __future__ import annotations

import pytest

pytest.importorskip("rasa", reason="the engine's environment runs these: make test")
