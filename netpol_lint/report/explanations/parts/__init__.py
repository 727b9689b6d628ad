"""What explanations and test results share."""
