"""The program on each school computer."""

VERSION = "0.1.0"
