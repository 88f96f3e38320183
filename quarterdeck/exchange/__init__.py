"""What comes in from spreadsheets and other tools, and everything that goes out again in open formats."""
