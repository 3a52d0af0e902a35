"""Import a list of subscribers: any CSV, spreadsheet or address cards."""
