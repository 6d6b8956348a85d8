"""From records to files that others read: the mission's table, data·inclusion, HSDS, GeoJSON."""
