"""Who else has a say and what they ask for: departments, stakeholders, consult rules, requests, digests."""
