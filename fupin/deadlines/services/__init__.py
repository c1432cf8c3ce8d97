"""The acts on clocks and reminders: asking the rules, reminding, mailing, taking note."""
