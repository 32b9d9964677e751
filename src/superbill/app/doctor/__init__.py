"""The doctor: everything on the books proved from the journal, and every stored document read."""

from superbill.app.doctor.examination import DoctorReport, examine

__all__ = ["DoctorReport", "examine"]
