"""What the runs stand on: processes by pid, proxies that break lines, stopping points, oracles, the table."""
