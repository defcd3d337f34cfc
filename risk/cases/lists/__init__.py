"""Lists of cases, decisions and records, and searching them."""
