"""What the lists of clocks and reminders can be asked."""
