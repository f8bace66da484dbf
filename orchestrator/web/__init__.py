"""The HTTP kit: routes as data, one place for errors and access, OpenAPI, pages."""
