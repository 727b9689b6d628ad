"""Who may reach whom: policies lowered to ordered tiers of rules, and the verdicts over them."""
