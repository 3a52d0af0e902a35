"""The OpenAPI document of the JSON API: what other programs, and their tests, read."""

from typing import Any

from newsletter.web.errors import Status
from newsletter.web.public.api_fields import (
    MAX_FIELD_CHARS,
    MAX_IDEMPOTENCY_KEY_CHARS,
    MAX_TAG_CHARS,
    MAX_TAGS,
)

_API_REFUSALS = (
    Status.bad_request,
    Status.unauthorized,
    Status.conflict,
    Status.unsupported_type,
    Status.unprocessable,
    Status.too_many,
)
_PAGE_REFUSALS = (Status.too_large, Status.unavailable)
_ADDRESS_SCHEMA = {
    "type": "string",
    "format": "email",
    "minLength": 3,
    "maxLength": 254,
    "description": "An e-mail address.",
}
_LINE_SCHEMA = {"type": "string", "maxLength": MAX_FIELD_CHARS["name"]}
_ERROR_RESPONSE = {
    "description": "Nothing was done.",
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["error", "message"],
                "properties": {"error": {"type": "string"}, "message": {"type": "string"}},
            }
        }
    },
}
#: What is answered before the API is asked, or where it can't answer.
_HTML_ERROR_RESPONSE = {
    "description": "Nothing was done.",
    "content": {"text/html": {"schema": {"type": "string"}}},
}
_IDEMPOTENCY_KEY_PARAMETER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": (
        "Asked again under the same key within a day, the same is answered and nothing done twice."
    ),
    "schema": {
        "type": "string",
        "minLength": 1,
        "maxLength": MAX_IDEMPOTENCY_KEY_CHARS,
        "pattern": "^[!-~]+$",
    },
}


def build_openapi_document(title: str, public_url: str, version: str) -> dict[str, Any]:
    """Return the document for a newsletter."""
    only_address = {
        "type": "object",
        "required": ["email"],
        "additionalProperties": False,
        "properties": {"email": _ADDRESS_SCHEMA},
    }
    sign_up = {
        "type": "object",
        "required": ["email"],
        "additionalProperties": False,
        "properties": {
            "email": _ADDRESS_SCHEMA,
            "name": _LINE_SCHEMA,
            "language": {
                "type": "string",
                "maxLength": MAX_FIELD_CHARS["language"],
                "description": "BCP 47, “sv” say.",
            },
            "tags": {
                "type": "array",
                "maxItems": MAX_TAGS,
                "items": {"type": "string", "minLength": 1, "maxLength": MAX_TAG_CHARS},
            },
            "wording": {
                "type": "string",
                "maxLength": MAX_FIELD_CHARS["wording"],
                "description": "What the person said yes to; kept with her consent.",
            },
        },
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": version,
            "description": "Sign up, leave, and how an address stands.",
        },
        "servers": [{"url": public_url}],
        "security": [{"token": []}],
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "paths": {
            "/api/subscribers": {
                "post": _build_operation(
                    "subscribe",
                    "Send a confirmation to an address.",
                    sign_up,
                    Status.accepted,
                    ["confirmation_sent"],
                )
            },
            "/api/subscribers/unsubscribe": {
                "post": _build_operation(
                    "unsubscribe",
                    "Take an address off the list.",
                    only_address,
                    Status.ok,
                    ["unsubscribed", "unknown"],
                )
            },
            "/api/subscribers/status": {
                "post": _build_operation(
                    "status", "Say how an address stands.", only_address, Status.ok, ADDRESS_STATES
                )
            },
        },
    }


#: How an address can stand.
ADDRESS_STATES = [
    "unknown",
    "waiting",
    "active",
    "paused",
    "pending",
    "unsubscribed",
    "bounced",
    "complained",
    "manual",
]


def _build_operation(
    name: str, summary: str, schema: dict[str, Any], code: Status, states: list[str]
) -> dict[str, Any]:
    answer = {
        "type": "object",
        "required": ["status"],
        "properties": {"status": {"type": "string", "enum": states}},
    }
    return {
        "operationId": name,
        "summary": summary,
        "parameters": [_IDEMPOTENCY_KEY_PARAMETER],
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": {
            str(int(code)): {
                "description": "Done.",
                "content": {"application/json": {"schema": answer}},
            },
            **{str(int(code)): _ERROR_RESPONSE for code in _API_REFUSALS},
            **{str(int(code)): _HTML_ERROR_RESPONSE for code in _PAGE_REFUSALS},
        },
    }
