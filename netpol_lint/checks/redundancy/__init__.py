"""Policies, rules, peers and ports that others make superfluous or void."""
