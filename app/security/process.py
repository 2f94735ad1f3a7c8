"""What the process does before any key exists: no core dump, no reading of its memory or environment by others."""

from __future__ import annotations

import ctypes
import os
import sys

PR_SET_DUMPABLE = 4


def harden() -> None:
    """Core dumps off, not dumpable (so /proc/self/environ is closed to the same user), files for the owner only."""
    os.umask(0o077)
    if sys.platform == "win32":
        ctypes.windll.kernel32.SetErrorMode(0x0001 | 0x0002)
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
