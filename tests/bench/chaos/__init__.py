"""The service broken on purpose: real processes, real signals, real full disks."""
