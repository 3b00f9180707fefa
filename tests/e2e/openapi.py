"""docs/openapi.yaml as data: the part of YAML that it is written in, and the part of JSON Schema that it uses.

Stricter than JSON Schema in one thing: an answer may hold no member that its schema does not name, so that the document
says all. What the reader or the validator does not know is an error, never passed over.
"""

import json
import re

_KEY = re.compile(r'("(?:[^"\\]|\\.)*"|[^\s"{\[][^"]*?):(?: (.*))?$')
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)$")
_KNOWN = {"type", "required", "properties", "items", "additionalProperties", "enum", "pattern", "minItems", "maxItems",
          "minProperties", "maxProperties", "minimum", "maximum", "maxLength", "oneOf", "$ref",
          "description", "examples", "default", "format"}


def _scalar(text):
    text = text.strip()
    if text.startswith('"'):
        return json.loads(text)
    words = {"true": True, "false": False, "null": None, "": None}
    return words[text] if text in words else int(text) if _NUMBER.match(text) else text


class _Flow:
    """{...} and [...] in one line."""

    def __init__(self, text):
        self.text, self.at = text, 0

    def value(self):
        self._blanks()
        if self.text[self.at] == "{":
            return dict(self._items("}", self._pair))
        if self.text[self.at] == "[":
            return list(self._items("]", self.value))
        return _scalar(self._word(",}]"))

    def _pair(self):
        key = _scalar(self._word(":"))
        self.at += 1
        return key, self.value()

    def _items(self, end, item):
        self.at += 1
        self._blanks()
        while self.text[self.at] != end:
            yield item()
            self._blanks()
            if self.text[self.at] == ",":
                self.at += 1
                self._blanks()
        self.at += 1

    def _word(self, ends):
        self._blanks()
        begin = self.at
        if self.text[begin] == '"':
            self.at += len(re.match(r'"(?:[^"\\]|\\.)*"', self.text[begin:]).group(0))
        else:
            while self.text[self.at] not in ends:
                self.at += 1
        return self.text[begin:self.at]

    def _blanks(self):
        while self.text[self.at] == " ":
            self.at += 1


class _Block:
    """Mappings, sequences and literal texts by their indentation."""

    def __init__(self, text):
        self.lines = text.split("\n")
        self.at = 0

    def _peek(self):
        """(indentation, text) of the next line that says something, or None."""
        while self.at < len(self.lines) and (not self.lines[self.at].strip() or self.lines[self.at].lstrip().startswith("#")):
            self.at += 1
        if self.at == len(self.lines):
            return None
        line = self.lines[self.at]
        return len(line) - len(line.lstrip()), line.strip()

    def value(self, indent):
        found = self._peek()
        return self._sequence(indent) if found and found[1].startswith("- ") else self._mapping(indent)

    def _sequence(self, indent):
        items = []
        while (found := self._peek()) and found[0] == indent and found[1].startswith("- "):
            rest = found[1][2:]
            if rest[0] in "{[":
                self.at += 1
                items.append(_Flow(rest).value())
            else:
                self.lines[self.at] = " " * (indent + 2) + rest
                items.append(self._mapping(indent + 2))
        return items

    def _mapping(self, indent):
        found, mapping = self._peek(), {}
        while found and found[0] == indent:
            match = _KEY.match(found[1])
            if not match:
                raise ValueError(f"line {self.at + 1}: {found[1]}")
            self.at += 1
            mapping[str(_scalar(match.group(1)))] = self._member(indent, (match.group(2) or "").strip())
            found = self._peek()
        if found and found[0] > indent:
            raise ValueError(f"line {self.at + 1}: unexpected indentation")
        return mapping

    def _member(self, indent, rest):
        if rest == "|":
            text = []
            while self.at < len(self.lines) and (not self.lines[self.at].strip() or
                                                 self.lines[self.at].startswith(" " * (indent + 1))):
                text.append(self.lines[self.at].strip())
                self.at += 1
            return "\n".join(text)
        if rest:
            return _Flow(rest).value() if rest[0] in "{[" else _scalar(rest)
        found = self._peek()
        return self.value(found[0]) if found and found[0] > indent else None


class Document:
    """The API document: its operations, and what is wrong with an answer."""

    def __init__(self, text):
        self.root = _Block(text).value(0)

    def resolve(self, node):
        while isinstance(node, dict) and "$ref" in node:
            target = self.root
            for step in node["$ref"].removeprefix("#/").split("/"):
                target = target[step]
            node = target
        return node

    def operations(self):
        """{(METHOD, path): operation}."""
        return {(method.upper(), path): operation
                for path, methods in self.root["paths"].items() for method, operation in methods.items()}

    def problems(self, operation, status, content_type, body):
        """What the document does not allow in this answer, as sentences."""
        responses = operation["responses"]
        if str(status) not in responses:
            return [f"status {status} is not listed: {body[:300]}"]
        content = self.resolve(responses[str(status)]).get("content")
        media = content_type.split(";")[0].strip()
        if content is None:
            return [] if not body else [f"status {status} is to have no body: {body[:100]}"]
        if media not in content:
            return [f"content type {content_type} is not among {sorted(content)}"]
        if not media.endswith("json"):
            return [] if body else ["the body is empty"]
        found = []
        self.judge(content[media]["schema"], json.loads(body), "$", found)
        return found

    def judge(self, schema, value, where, found):
        """Appends to `found` where `value` breaks `schema`."""
        schema = self.resolve(schema)
        unknown = set(schema) - _KNOWN
        if unknown:
            raise ValueError(f"the validator does not know {sorted(unknown)} at {where}")
        if "oneOf" in schema:
            fitting = 0
            for one in schema["oneOf"]:
                inner = []
                self.judge(one, value, where, inner)
                fitting += not inner
            if fitting != 1:
                found.append(f"{where} fits {fitting} of oneOf")
        kind = schema.get("type")
        kinds = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int}
        if kind and (not isinstance(value, kinds[kind]) or (kind == "integer" and isinstance(value, bool))):
            found.append(f"{where} is {json.dumps(value)[:80]}, not of type {kind}")
            return
        if "enum" in schema and value not in schema["enum"]:
            found.append(f"{where} is {value!r}, not one of {schema['enum']}")
        if isinstance(value, str):
            self._judge_text(schema, value, where, found)
        elif isinstance(value, dict):
            self._judge_object(schema, value, where, found)
        elif isinstance(value, list):
            if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
                found.append(f"{where} has {len(value)} items")
            for index, item in enumerate(value):
                self.judge(schema.get("items", {}), item, f"{where}[{index}]", found)
        elif isinstance(value, int) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
            found.append(f"{where} is {value}")

    @staticmethod
    def _judge_text(schema, value, where, found):
        if "pattern" in schema and not re.search(schema["pattern"], value):
            found.append(f"{where} is {value[:80]!r}, against {schema['pattern']}")
        if len(value) > schema.get("maxLength", len(value)):
            found.append(f"{where} is too long")

    def _judge_object(self, schema, value, where, found):
        for name in schema.get("required", ()):
            if name not in value:
                found.append(f"{where} lacks {name}")
        if not schema.get("minProperties", 0) <= len(value) <= schema.get("maxProperties", len(value)):
            found.append(f"{where} has {len(value)} members")
        named, others = schema.get("properties"), schema.get("additionalProperties")
        for name, member in value.items():
            if named and name in named:
                self.judge(named[name], member, f"{where}.{name}", found)
            elif others:
                self.judge(others, member, f"{where}.{name}", found)
            elif named:
                found.append(f"{where}.{name} is not documented")
