"""Changes one field of a voucher file at a time: every leaf of the protobuf wire format, whatever it means.

Knows only the wire format (varint, 64-bit, bytes, 32-bit), so that it cannot share a mistake with the verifier. Lengths
stay as they are: what is tested is that each value is covered by a signature or a digest, not that framing is checked.
"""


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


def variants(data):
    """(path, changed copy) for each leaf: one bit of its middle byte flipped, never a varint's continuation bit."""
    for path, first, last in leaves(data):
        copy = bytearray(data)
        copy[first + (last - first) // 2] ^= 0x01
        yield ".".join(map(str, path)), bytes(copy)
