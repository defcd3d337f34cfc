"""Monitoring of the model in service: drift, calibration, the promise, the challenger, and whether
stored decisions replay."""

from training.monitor.gauges import write_gauges
from training.monitor.report import MonitorReport
from training.monitor.report_page import write_html

__all__ = ["MonitorReport", "write_gauges", "write_html"]
