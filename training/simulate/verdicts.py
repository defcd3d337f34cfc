"""Verdicts of deciders: often right, not always."""

import numpy as np
import pandas as pd

from training.simulate.honest_requests import CAUSE_NAMES, COURIER_FAULTS, MERCHANT_FAULTS
from training.simulate.parameters import WorldSettings
from training.simulate.random_draws import Bools, Floats, Ints, bernoulli
from training.simulate.schemes import SCHEME_NAMES, SCHEMES

VERDICTS = ("legitimate", "merchant_fault", "courier_fault", "abuse", "fraud", "undetermined")
LEGITIMATE, MERCHANT_FAULT, COURIER_FAULT, ABUSE, FRAUD, UNDETERMINED = range(len(VERDICTS))
DECIDERS = ("merchant", "platform", "reviewer", "appeal", "system")
MERCHANT, PLATFORM, REVIEWER, APPEAL, SYSTEM = range(len(DECIDERS))
# By decider: detection rate at skill 0, its decrease with skill, false-positive rate.
DETECTION = np.array([[0.92, 0.22, 0.02], [0.97, 0.16, 0.01], [0.96, 0.18, 0.012]])


def true_verdicts(frame: pd.DataFrame) -> Ints:
    """The true verdict of each request."""
    cause, scheme = frame["cause"].to_numpy(), frame["scheme"].to_numpy()
    verdict = np.full(len(frame), LEGITIMATE)
    shop = [CAUSE_NAMES.index(name) for name in MERCHANT_FAULTS]
    road = [CAUSE_NAMES.index(name) for name in COURIER_FAULTS]
    verdict[np.isin(cause, shop)] = MERCHANT_FAULT
    verdict[np.isin(cause, road)] = COURIER_FAULT
    guilt = np.array([ABUSE if scheme.truth == "abuse" else FRAUD for scheme in SCHEMES])
    return np.where(scheme >= 0, guilt[scheme], verdict)


def observed_verdicts(
    rng: np.random.Generator,
    settings: WorldSettings,
    frame: pd.DataFrame,
    judges: Ints,
    suspicion: Floats,
    careful: Bools,
) -> Ints:
    """The verdict of each decider; careful ones (audits) err less."""
    size = len(frame)
    truth = true_verdicts(frame)
    false = truth >= ABUSE
    sharp, loss, wrong = DETECTION[judges].T
    skill = frame["skill"].to_numpy()
    sees = sharp - loss * skill
    sees = np.where(careful, sees + (1 - sees) * 0.5, sees)
    looks_bad = 0.5 + (np.argsort(np.argsort(suspicion)) / max(size, 1))
    errs = wrong * np.where(careful, 0.4, 1.0) * looks_bad * settings.label_noise
    insider = frame["scheme"].to_numpy() == SCHEME_NAMES.index("colluding_merchant")
    blind = insider & (judges == MERCHANT)
    found = bernoulli(rng, np.where(blind, 0.0, 1 - (1 - sees) * settings.label_noise), size)
    excuse = _excuse(frame)
    verdict = np.where(false & ~found, excuse, truth)
    accused = ~false & bernoulli(rng, errs, size)
    return np.where(accused, np.where(bernoulli(rng, 0.6, size), ABUSE, FRAUD), verdict)


def _excuse(frame: pd.DataFrame) -> Ints:
    """The verdict on an undetected false claim, by the reason it states."""
    names = np.array(CAUSE_NAMES)[frame["reason"].to_numpy()]
    passes = np.where(np.isin(names, MERCHANT_FAULTS), MERCHANT_FAULT, LEGITIMATE)
    return np.where(np.isin(names, COURIER_FAULTS), COURIER_FAULT, passes)
