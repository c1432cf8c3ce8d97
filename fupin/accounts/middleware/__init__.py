"""What every request passes through, from the outside in: database away, sign-in, scope, doors."""
