"""Writes reference.json: what the catalogue is compared with, cut out of the full API reference.

    python3 test/catalogue/extract-reference.py path/to/account-actions.json

The extract is committed, so that the comparison runs everywhere; prose, sources and the types of answers stay behind.
"""

import json
import sys
from pathlib import Path


def fields(declared):
    """Name, type and rules of each field, nested ones included."""
    kept = ("name", "type", "required", "enum", "values")
    return [
        {key: field[key] for key in kept if key in field}
        | ({"fields": fields(field["fields"])} if "fields" in field else {})
        for field in declared or []
    ]


def response(declared, unified):
    """How the answer is wrapped. The wrapped field's type tells a list from an object."""
    wrapper = declared.get("wrapper_key")
    inner = declared.get("envelope") or declared.get("fields") or []
    types = [field["type"] for field in inner if field["name"] == wrapper]
    named = declared.get("item_fields") or declared.get("fields") or []
    return {
        "kind": declared["kind"],
        "wrapper_key": wrapper,
        "wrapper_type": types[0] if types else None,
        "unified_fields": [field["name"] for field in named] if unified else None,
        "record": names(record(declared)),
    }


def record(declared):
    """The fields of one object the answer is about: an item of the list, or what the wrapper holds."""
    if declared.get("item_fields"):
        return declared["item_fields"]
    inner = declared.get("fields") or []
    wrapped = [field for field in inner if field["name"] == declared.get("wrapper_key")]
    return wrapped[0].get("fields", []) if wrapped else inner


def names(declared):
    """Names alone, with those inside them."""
    return {field["name"]: names(field.get("fields") or []) for field in declared}


def extract(action):
    path_params = [field for field in action["path_params"] if field["name"] != "account_id"]
    return {
        "id": action["id"],
        "label": action["label"],
        "scope": action["scope"],
        "also_accepted_scopes": action.get("also_accepted_scopes", []),
        "method": action["method"],
        "path": action["path"],
        "path_params": fields(path_params),
        "query": fields(action["query"]),
        "body": fields(action["body"]),
        "action_inputs": fields(action["action_inputs"]) if "action_inputs" in action else None,
        "required_by_server_or_practice": action.get("required_by_server_or_practice", []),
        "response": response(action["response"], action.get("unified_model")),
        "pagination": action["pagination"]["style"],
        "clouds": [cloud for cloud in ("aws", "azure", "gcp") if action["clouds"][cloud]],
        "content_type": action["content_type"],
        "one_time_secret_fields": action["one_time_secret_fields"],
        "upstream_calls": [f"{call['method']} {call['path']}" for call in action.get("upstream_calls", [])],
        "unified": action.get("unified_model", False),
    }


if __name__ == "__main__":
    actions = [extract(action) for action in json.loads(Path(sys.argv[1]).read_text())]
    target = Path(__file__).with_name("reference.json")
    target.write_text(json.dumps(actions, indent=1, ensure_ascii=False) + "\n")
    print(f"{target}: {len(actions)} actions")
