"""The centre of Diem Cau."""

VERSION = "0.1.0"
