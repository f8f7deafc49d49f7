"""The servers: pages without code for participants (`app`), JupyterLab for those who change things (`lab`)."""

import sys

# Jupyter's event log would spend a second of every start on a grammar for addresses that it never checks.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
