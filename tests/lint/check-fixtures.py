#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures are small and hold nothing that belongs to a person.

    check-fixtures.py ROOT

Looks at every .har and .json below a folder called tests or fixtures: valid JSON, at most 200 kB,
bodies at most 64 kB, no cookie or authorization, no e-mail address, address of a machine, JSON web
token or signed URL, unless it is one that standards set aside for examples.
"""

import json
import re
import sys
from pathlib import Path

FILE_BYTES, BODY_BYTES = 200 * 1000, 64 * 1000
SECRET_HEADERS = {'cookie', 'set-cookie', 'authorization', 'proxy-authorization', 'x-csrf-token'}
PERSONAL = {
    'an e-mail address': re.compile(r'(?<![\w.+-])[\w.+-]{1,64}@(?!(?:[\w-]+\.)*example\.)'
                                    r'(?:[\w-]+\.)+[a-z]{2,6}\b'),
    'an IP address': re.compile(r'(?<![\w.])(?!127\.|0\.|192\.0\.2\.|198\.51\.100\.|203\.0\.113\.)'
                                r'(?:\d{1,3}\.){3}\d{1,3}(?![\w.])'),
    'a JSON web token': re.compile(r'\beyJ[\w-]{20,}\.[\w-]{8,}'),
    'a signed URL': re.compile(r'[?&](?:sig|signature|x-amz-signature|hmac|oauth_\w+)=(?!REDACTED)'
                               r'[\w%-]{16,}', re.IGNORECASE),
}


def check_har(har):
    for number, entry in enumerate(har.get('log', {}).get('entries', [])):
        for side in ('request', 'response'):
            for header in entry.get(side, {}).get('headers', []):
                if (header.get('name', '').lower() in SECRET_HEADERS
                        and header.get('value') != 'REDACTED'):
                    yield f'entry {number}: {side} header {header["name"]}'
            if entry.get(side, {}).get('cookies'):
                yield f'entry {number}: cookies of the {side}'
        body = entry.get('response', {}).get('content', {}).get('text', '')
        if len(body.encode()) > BODY_BYTES:
            yield f'entry {number}: a body of more than {BODY_BYTES} bytes'


def check_file(path):
    data = path.read_bytes()
    if len(data) > FILE_BYTES:
        yield f'more than {FILE_BYTES} bytes'
    try:
        text = data.decode()
        value = json.loads(text)
        if path.suffix == '.har':
            yield from check_har(value)
    except (ValueError, AttributeError, TypeError) as error:
        yield f'not what its name says: {error}'
        return
    for name, pattern in PERSONAL.items():
        match = pattern.search(text)
        if match:
            yield f'{name}: {match[0]}'


def main(root):
    files = [path for folder in ('platforms', 'tests')
             for path in sorted((root / folder).rglob('*')) if path.suffix in ('.har', '.json') and {'tests', 'fixtures'} & set(path.parts[:-1])]
    wrong = [f'{path.relative_to(root)}: {text}' for path in files for text in check_file(path)]
    print('\n'.join(wrong + [f'{len(files)} fixtures, {len(wrong)} findings']))
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main(Path(sys.argv[1]).resolve()))
