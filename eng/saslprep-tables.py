#!/usr/bin/env python3
"""Writes Diesel.Reactive.Protocols.MongoDB/Authentication/stringprep.bin: what RFC 4013 wants to know of Unicode 3.2, from Python's own tables of it.

Numbers of seven bits a byte, compressed (zlib). First five sets, each as a count and so many gaps and lengths in turn: what no password may hold (RFC 3454, tables
C.1.2 to C.9, and A.1: what is written down is a stored string), what becomes nothing (B.1), what becomes a space (C.1.2), letters from right to left (D.1), from left to
right (D.2). Then classes of what combines: count; gap, length, class. Then what is decomposed: count; gap, count, code points. Then what is composed: count; first,
second, whole. Hangul is not in it: that is computed.
"""

import stringprep
import sys
import unicodedata
import zlib

UNICODE = unicodedata.ucd_3_2_0
POINTS = [chr(point) for point in range(0x110000) if not 0xD800 <= point <= 0xDFFF]
COMPUTED = range(0xAC00, 0xD7A4)


def numbers(values):
    written = bytearray()
    for value in values:
        while value > 0x7F:
            written.append(value & 0x7F | 0x80)
            value >>= 7
        written.append(value)
    return bytes(written)


def runs(key):
    """Runs of code points with the same key that is not 0: first, length, key."""
    found = []
    for char in POINTS:
        point, value = ord(char), key(char)
        if not value:
            continue
        if found and sum(found[-1][:2]) == point and found[-1][2] == value:
            found[-1][1] += 1
        else:
            found.append([point, 1, value])
    return found


def spans(found, tail=lambda run: []):
    yield len(found)
    end = 0
    for run in found:
        yield from [run[0] - end, run[1], *tail(run)]
        end = run[0] + run[1]


def is_refused(char):
    tables = [stringprep.in_table_a1, stringprep.in_table_c12, stringprep.in_table_c21_c22] + [getattr(stringprep, f'in_table_c{n}') for n in range(3, 10)]
    return any(table(char) for table in tables)


def decomposed():
    changed = [(ord(char), UNICODE.normalize('NFKD', char)) for char in POINTS if ord(char) not in COMPUTED]
    changed = [(point, text) for point, text in changed if text != chr(point)]
    yield len(changed)
    end = 0
    for point, text in changed:
        yield from [point - end, len(text), *map(ord, text)]
        end = point


def composed():
    pairs = []
    for char in POINTS:
        parts = UNICODE.decomposition(char).split() if ord(char) not in COMPUTED else []
        if len(parts) == 2 and not parts[0].startswith('<'):
            first, second = (int(part, 16) for part in parts)
            if UNICODE.normalize('NFC', chr(first) + chr(second)) == char:
                pairs.append((first, second, ord(char)))
    yield len(pairs)
    for pair in pairs:
        yield from pair


def main():
    sets = [is_refused, stringprep.in_table_b1, stringprep.in_table_c12, stringprep.in_table_d1, stringprep.in_table_d2]
    content = b''.join(numbers(spans(runs(each))) for each in sets)
    content += numbers(spans(runs(UNICODE.combining), lambda run: [run[2]])) + numbers(decomposed()) + numbers(composed())
    with open(sys.argv[1], 'wb') as file:
        file.write(zlib.compress(content, 9))


main()
