"""Pages of exchange: bringing a spreadsheet in, its rows, and taking everything out."""
