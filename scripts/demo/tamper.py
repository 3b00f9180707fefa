"""Changes one field of a voucher file at a time: every leaf of the protobuf wire format, whatever it means.

Knows only the wire format (varint, 64-bit, bytes, 32-bit), so that it cannot share a mistake with the verifier. Lengths
stay as they are: what is tested is that each value is covered by a signature or a digest, not that framing is checked.
The checksum is made right again after each change, as a forger would: it must be the proof that does not hold.
"""

import hashlib

CHECKSUM_FIELD = 7
CHECKSUM_DOMAIN = b"sanquan/voucher/v1\0"  # ledger/codec/proof.proto


def read_varint(data, at):
    value = shift = 0
    while True:
        if at >= len(data) or shift > 63:
            raise ValueError("bad varint")
        octet = data[at]
        at += 1
        value |= (octet & 0x7F) << shift
        shift += 7
        if not octet & 0x80:
            return value, at


def fields(data, start, end):
    """(number, wire type, first byte of the value, end of the value) of each field in data[start:end]."""
    at = start
    while at < end:
        key, at = read_varint(data, at)
        kind, number = key & 7, key >> 3
        if number == 0:
            raise ValueError("field number 0")
        first = at
        if kind == 0:
            _, at = read_varint(data, at)
        elif kind == 1:
            at += 8
        elif kind == 2:
            length, first = read_varint(data, at)
            at = first + length
        elif kind == 5:
            at += 4
        else:
            raise ValueError("bad wire type")
        if at > end:
            raise ValueError("field beyond its message")
        yield number, kind, first, at


def leaves(data, start=0, end=None, path=()):
    """Paths and positions of all values that hold no further message."""
    end = len(data) if end is None else end
    for number, kind, first, last in list(fields(data, start, end)):
        where = path + (number,)
        if kind == 2 and last > first and len(where) < 12:
            try:
                inner = list(leaves(data, first, last, where))
            except ValueError:
                inner = []
            if inner:
                yield from inner
                continue
        if last > first:
            yield where, first, last


def varint(number):
    octets = bytearray()
    while number > 0x7F:
        octets.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(octets + bytes([number]))


def encodings(value):
    """The bytes that may stand for a value of a record: its text, its hexadecimal, its number as varint or amount."""
    yield value.encode()
    if len(value) % 2 == 0 and all(digit in "0123456789abcdef" for digit in value):
        yield bytes.fromhex(value)
    if value.isdigit():
        yield varint(int(value))
        yield int(value).to_bytes((int(value).bit_length() + 7) // 8, "big")


def record_fields(record, path=()):
    """(path, value as text) of every field of a decoded record."""
    for name, value in record.items():
        if isinstance(value, dict):
            yield from record_fields(value, path + (name,))
        elif value != "":
            yield path + (name,), str(value)


def record_variants(data, record):
    """(path, copy) for each field of the record that the voucher proves; ValueError when its bytes are not found."""
    for path, value in record_fields(record):
        found = next((octets for octets in encodings(value) if len(octets) > 1 and octets in data), None)
        if found is None:
            raise ValueError(f"the voucher does not hold {'.'.join(path)} = {value}")
        copy = bytearray(data)
        copy[data.rindex(found) + len(found) // 2] ^= 0x01
        yield ".".join(path), mended(bytes(copy))


def mended(data):
    """The file with its checksum, which is its last field, made right."""
    number, _, first, last = list(fields(data, 0, len(data)))[-1]
    if number != CHECKSUM_FIELD or last != len(data):
        raise ValueError("the checksum is not the last field")
    head = first - 2  # one octet of key, one of length
    return data[:first] + hashlib.sha256(CHECKSUM_DOMAIN + data[:head]).digest()


def one_byte(data):
    """The whole file with one bit of its middle byte flipped."""
    copy = bytearray(data)
    copy[len(copy) // 2] ^= 0x01
    return bytes(copy)


def variants(data):
    """(path, copy) for each leaf: one bit of its middle byte flipped, never a varint's continuation bit."""
    for path, first, last in leaves(data):
        copy = bytearray(data)
        copy[first + (last - first) // 2] ^= 0x01
        yield ".".join(map(str, path)), bytes(copy) if path[0] == CHECKSUM_FIELD else mended(bytes(copy))
