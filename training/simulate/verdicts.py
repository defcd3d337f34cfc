"""What people conclude when they look into a request: often right, never always."""

import numpy as np
import pandas as pd

from training.simulate.chance import Bools, Floats, Ints, happens
from training.simulate.parameters import Settings
from training.simulate.schemes import SCHEME_NAMES, SCHEMES
from training.simulate.troubles import CAUSE_NAMES, COURIER_FAULTS, MERCHANT_FAULTS

VERDICTS = ("legitimate", "merchant_fault", "courier_fault", "abuse", "fraud", "undetermined")
LEGITIMATE, MERCHANT_FAULT, COURIER_FAULT, ABUSE, FRAUD, UNDETERMINED = range(len(VERDICTS))
DECIDERS = ("merchant", "platform", "reviewer", "appeal", "system")
MERCHANT, PLATFORM, REVIEWER, APPEAL, SYSTEM = range(len(DECIDERS))
# Chance to see through a clumsy cheat, what skill takes from it, chance to wrong the honest.
SHARPNESS = np.array([[0.92, 0.22, 0.02], [0.97, 0.16, 0.01], [0.96, 0.18, 0.012]])


def true_verdicts(frame: pd.DataFrame) -> Ints:
    """What an all-knowing judge would find."""
    cause, scheme = frame["cause"].to_numpy(), frame["scheme"].to_numpy()
    verdict = np.full(len(frame), LEGITIMATE)
    shop = [CAUSE_NAMES.index(name) for name in MERCHANT_FAULTS]
    road = [CAUSE_NAMES.index(name) for name in COURIER_FAULTS]
    verdict[np.isin(cause, shop)] = MERCHANT_FAULT
    verdict[np.isin(cause, road)] = COURIER_FAULT
    guilt = np.array([ABUSE if scheme.truth == "abuse" else FRAUD for scheme in SCHEMES])
    return np.where(scheme >= 0, guilt[scheme], verdict)


def judge(
    rng: np.random.Generator,
    settings: Settings,
    frame: pd.DataFrame,
    judges: Ints,
    suspicion: Floats,
    careful: Bools,
) -> Ints:
    """The verdict each judge comes to; careful looks (audits) err less."""
    size = len(frame)
    truth = true_verdicts(frame)
    false = truth >= ABUSE
    sharp, loss, wrong = SHARPNESS[judges].T
    skill = frame["skill"].to_numpy()
    sees = sharp - loss * skill
    sees = np.where(careful, sees + (1 - sees) * 0.5, sees)
    looks_bad = 0.5 + (np.argsort(np.argsort(suspicion)) / max(size, 1))
    errs = wrong * np.where(careful, 0.4, 1.0) * looks_bad * settings.label_noise
    insider = frame["scheme"].to_numpy() == SCHEME_NAMES.index("colluding_merchant")
    blind = insider & (judges == MERCHANT)
    found = happens(rng, np.where(blind, 0.0, 1 - (1 - sees) * settings.label_noise), size)
    excuse = _excuse(frame)
    verdict = np.where(false & ~found, excuse, truth)
    accused = ~false & happens(rng, errs, size)
    return np.where(accused, np.where(happens(rng, 0.6, size), ABUSE, FRAUD), verdict)


def _excuse(frame: pd.DataFrame) -> Ints:
    """What an undetected false claim passes for: the reason it states."""
    names = np.array(CAUSE_NAMES)[frame["reason"].to_numpy()]
    passes = np.where(np.isin(names, MERCHANT_FAULTS), MERCHANT_FAULT, LEGITIMATE)
    return np.where(np.isin(names, COURIER_FAULTS), COURIER_FAULT, passes)
