"""What exists on the ground: services, places, emergency numbers, and how to find the right one."""
