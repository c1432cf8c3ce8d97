"""The register for other departments' programs: the same scope, rules and services as the browser (contract: /api/v1/)."""
