"""Lists of projects as workbooks."""
