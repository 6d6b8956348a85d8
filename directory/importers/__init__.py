"""From outside files to drafts: the mission's table, data·inclusion, HSDS; then what would change, then the change."""
