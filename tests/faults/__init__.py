"""Runs under fire: real processes, faults on every line between them, judges that share no code with us."""
