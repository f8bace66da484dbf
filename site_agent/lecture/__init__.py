"""The big screen of a room: a browser in kiosk mode, or a watcher without a screen that reports the same figures."""
