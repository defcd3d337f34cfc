"""How the model in service is doing: drift, calibration, the promise, its rival, and whether what
it served comes out again."""

from training.monitor.gauges import write_gauges
from training.monitor.report import Report
from training.monitor.report_page import write_html

__all__ = ["Report", "write_gauges", "write_html"]
