"""Bigger data from the shared Synthea bundles: the same patients again under other ids."""

import gzip
import re
import uuid
from pathlib import Path

SHARED = Path(__file__).parents[1].parent / "shared" / "data"
BUNDLES = SHARED / "synthea" / "bundles"
_UUID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def copies(folder: Path, times: int, limit: int | None = None) -> Path:
    """`times` copies of every bundle in `folder`, each with ids of its own, so that no copy is a duplicate."""
    folder.mkdir(parents=True, exist_ok=True)
    for bundle in sorted(BUNDLES.glob("*.json.gz"))[:limit]:
        text = gzip.decompress(bundle.read_bytes())
        for number in range(times):

            def other(found: re.Match[bytes], number: int = number) -> bytes:
                return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{number}:{found[0].decode()}")).encode()

            name = folder / f"{number:03d}-{bundle.name}"
            name.write_bytes(gzip.compress(_UUID.sub(other, text), 1, mtime=0))
    return folder
