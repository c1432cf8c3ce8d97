"""Acts on the register: permission, lock, rule, write, trace."""
