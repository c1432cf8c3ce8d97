"""Acts on notices and objections."""
