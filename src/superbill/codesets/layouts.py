"""Every official file layout that can be imported. The first that recognizes a file takes it.

Whole lists stand before the changes to them: a file that brings both is read in this order.
"""

from superbill.codesets.add_on.importer import AddOnSheetLayout, AddOnTextLayout
from superbill.codesets.asp.importer import DrugLimitLayout
from superbill.codesets.cdt.importer import CdtLayout
from superbill.codesets.clfs.importer import LaboratoryLayout
from superbill.codesets.coverage.importer import CoverageLayout
from superbill.codesets.coverage.ncd import NationalLayout
from superbill.codesets.cpt.importer import CptFixedLayout, CptLongLayout
from superbill.codesets.hcpcs.importer import ContractorLayout, ContractorSheetLayout, NumbersLayout
from superbill.codesets.icd10cm.conversion import ConversionLayout
from superbill.codesets.icd10cm.delta import AddendaLayout, ListedChangesLayout
from superbill.codesets.icd10cm.index import IndexLayout, IndexListLayout
from superbill.codesets.icd10cm.order import OrderLayout
from superbill.codesets.icd10cm.tabular import TabularLayout
from superbill.codesets.icd10pcs.definitions import DefinitionsLayout
from superbill.codesets.icd10pcs.index import PcsIndexLayout
from superbill.codesets.icd10pcs.tables import TablesLayout
from superbill.codesets.mpfs.base_units import BaseUnitLayout
from superbill.codesets.mpfs.importer import RelativeValueLayout
from superbill.codesets.mpfs.localities import AnesthesiaFactorLayout, GpciLayout
from superbill.codesets.mpfs.zip_codes import ZipLocalityLayout
from superbill.codesets.msdrg.importer import DrgTableLayout
from superbill.codesets.mue.importer import MueLayout
from superbill.codesets.ncci.importer import PtpSheetLayout, PtpTextLayout
from superbill.codesets.ndc.importer import NdcPackageLayout, NdcProductLayout
from superbill.codesets.opps.importer import AddendumBLayout
from superbill.codesets.poa_exempt.importer import PoaExemptLayout
from superbill.codesets.sources import Layout
from superbill.codesets.taxonomy.importer import TaxonomyLayout

LAYOUTS: tuple[Layout, ...] = (
    PtpTextLayout(),
    PtpSheetLayout(),
    MueLayout(),
    AddOnTextLayout(),
    AddOnSheetLayout(),
    TabularLayout(),
    OrderLayout(),
    IndexLayout(),
    IndexListLayout(),
    ConversionLayout(),
    PoaExemptLayout(),
    AddendaLayout(),
    ListedChangesLayout(),
    TablesLayout(),
    DefinitionsLayout(),
    PcsIndexLayout(),
    DrgTableLayout(),
    TaxonomyLayout(),
    ContractorLayout(),
    ContractorSheetLayout(),
    NumbersLayout(),
    AddendumBLayout(),
    RelativeValueLayout(),
    GpciLayout(),
    AnesthesiaFactorLayout(),
    BaseUnitLayout(),
    ZipLocalityLayout(),
    LaboratoryLayout(),
    DrugLimitLayout(),
    CoverageLayout(),
    NationalLayout(),
    NdcProductLayout(),
    NdcPackageLayout(),
    CptFixedLayout(),
    CptLongLayout(),
    CdtLayout(),
)
