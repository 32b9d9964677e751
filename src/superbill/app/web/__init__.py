"""The workbench: pages from the server over the same queries as the command line. Views are thin, nothing is posted."""
