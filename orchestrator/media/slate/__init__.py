"""The holding slate: what every room sees whenever no lecturer sends, made and published by a child process."""
