"""Every official file layout that can be imported. The first that recognizes a file takes it."""

from superbill.codesets.icd10cm.delta import AddendaLayout, ListedChangesLayout
from superbill.codesets.icd10cm.order import OrderLayout
from superbill.codesets.icd10cm.tabular import TabularLayout
from superbill.codesets.sources import Layout

LAYOUTS: tuple[Layout, ...] = (TabularLayout(), OrderLayout(), AddendaLayout(), ListedChangesLayout())
