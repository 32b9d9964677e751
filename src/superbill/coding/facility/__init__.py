"""What a hospital or skilled nursing facility bills of an encounter: its services, its stay, its procedures."""

from superbill.coding.facility.part import bill_of, part_of

__all__ = ["bill_of", "part_of"]
