"""The servers: pages without code for participants (`app`), JupyterLab for those who change things (`lab`)."""
