"""The order in which test files are run."""

from __future__ import annotations

from pathlib import Path

import pytest

TESTS = Path(__file__).parent
SLOW = (
    "engines/test_spark.py",
    "engines/test_containers.py",
    "browser/test_browser_looks.py",
    "training/test_cli.py",
    "api/test_privacy.py",
    "risk/test_features_revisions.py",
    "test_notebooks.py",
    "training/test_promote_under_load.py",
    "risk/test_features_late_changes.py",
    "risk/test_features_mutation.py",
    "training/test_train.py",
    "api/test_fuzz.py",
    "api/test_examination.py",
    "api/test_slow_clients.py",
    "api/test_evidence_walk.py",
    "api/test_evidence_files.py",
    "api/test_server.py",
    "training/test_registration.py",
    "training/test_interruption.py",
    "api/test_tenants.py",
    "training/test_forgotten_rows.py",
    "risk/test_history_clock_mend.py",
    "training/test_registry_moved.py",
    "training/test_import_steps.py",
    "training/test_dataset_cache.py",
    "training/test_starter.py",
    "training/test_demo_play.py",
    "risk/test_features_engines.py",
    "training/test_monitor_report.py",
    "training/test_monitor_pages.py",
    "api/test_stateful.py",
    "training/test_learn_fit.py",
    "api/test_hooks_out.py",
    "risk/test_evidence_hostile.py",
    "api/test_evidence_files_bound.py",
    "risk/test_policy_settings.py",
    "risk/test_policy_bothered.py",
    "training/test_learn_calibrate.py",
    "training/test_learn_promise.py",
    "training/test_dataset_cache_kept.py",
    "training/test_check_replay_facts.py",
    "risk/test_order_money_engines.py",
    "training/test_simulate_world.py",
    "training/test_check_backtest.py",
    "risk/test_history_derive.py",
    "bench/test_breaking.py",
    "training/test_case_files.py",
    "training/test_promote.py",
    "training/test_cases_score_folder.py",
    "training/test_cases_score_batches.py",
    "risk/test_decisions_case.py",
    "api/test_bound_keys.py",
    "api/test_clock.py",
    "training/test_check_replay.py",
)
"""The files that take longest, the longest first: two workers share all files in this order, so
that no long one is begun when the other worker has nothing left."""


def slowest_first(items: list[pytest.Item]) -> None:
    """Sort tests by their file: the `SLOW` ones, then the others as they are."""
    place = {TESTS / name: number for number, name in enumerate(SLOW)}
    items.sort(key=lambda item: place.get(item.path, len(place)))
