"""Readers of tables in files: CSV, Excel workbooks, Parquet."""
