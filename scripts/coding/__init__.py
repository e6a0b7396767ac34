"""What people code: lists, coding sheets, claims merged into rows, rulings, second codings."""
